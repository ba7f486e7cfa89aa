"""Every file that a round can be taken away as: what it is sent as, and how it is made."""

import json
from collections.abc import Callable

from readiness import exchange
from readiness.export import printed, workbook
from readiness.queries import Assessment


def csv_file(assessment: Assessment) -> bytes:
    return exchange.to_csv(assessment).encode()


def json_file(assessment: Assessment) -> bytes:
    return (json.dumps(exchange.to_json(assessment), ensure_ascii=False, indent=2) + "\n").encode()


def xlsx_file(assessment: Assessment) -> bytes:
    return workbook.write(assessment, exchange.rows_of(assessment))


def pdf_file(assessment: Assessment) -> bytes:
    return printed.report_pdf(printed.report_of(assessment, assessment.round.municipality))


_OFFICE = "application/vnd.openxmlformats-officedocument"
FILES: dict[str, tuple[str, Callable[[Assessment], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "json": ("application/json", json_file),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", xlsx_file),
    "docx": (f"{_OFFICE}.wordprocessingml.document", printed.form),
    "pdf": ("application/pdf", pdf_file),
}
# What a terminal can show.
TEXTS = ("csv", "json")
