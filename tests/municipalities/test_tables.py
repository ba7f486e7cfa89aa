"""A table to take away: text stays text, and a number a number."""

import csv
import datetime
import io
from decimal import Decimal

from municipalities.tables import csv_answer


def test_no_text_is_a_formula_and_a_negative_number_stays_one():
    row = ("=1+1", "-2", -2, Decimal("-4.10"), None, datetime.date(2026, 11, 24), ("a", "b"), "שלום 🏙", 'a,"b"\nc', "")
    answer = csv_answer("larkspur-x.csv", ("@what", "b"), [row])
    head, cells = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["@what", "b"]
    assert cells == [
        *("'=1+1", "'-2", "-2", "-4.1", "", "2026-11-24", "a b", "שלום 🏙", 'a,"b"\nc', ""),
    ]
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="larkspur-x.csv"',
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")


def test_a_table_without_rows_has_its_head():
    assert csv_answer("x.csv", ["a"], []).content.decode("utf-8-sig") == "a\n"
