"""Tables that people take away and open in a spreadsheet."""

import csv
from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse

from documents.cells import guarded
from municipalities.rules.numbers import plain


def csv_answer(name: str, head: Iterable[object], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """
    A CSV file of that name, with the mark by which a spreadsheet knows UTF-8.

    No text in it is a formula, while a negative number stays one; None is an empty cell, and several values stand in
    one cell with a space between.
    """
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow([str(cell) for cell in head])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return response


def _cell(value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    return guarded(" ".join(map(str, value)) if isinstance(value, tuple) else str(value))
