"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.rules.numbers import grouped, parse, plain, with_unit


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,250", "1250"), (" $4.10 ", "4.1"), ("12 %", "12"), ("-3", "-3"), ("\u22123.5", "-3.5"), ("0.0001", "0.0001")],
)
def test_numbers_are_read_as_people_type_them(typed: str, meant: str):
    assert parse(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    ["", "many", "1e5", "NaN", "Infinity", "1.00001", "1_000", "٣", "1" * 13, "--1", "4.1.2", "=1+1", "$", "1/2"],
)
def test_what_is_no_number_is_refused(typed: str):
    with pytest.raises(ValueError, match=r"^"):
        parse(typed)


@given(st.decimals(min_value=-999_999_999_999, max_value=999_999_999_999, places=4))
def test_what_is_shown_is_read_again_as_the_same(value: Decimal):
    assert parse(plain(value)) == value
    assert parse(grouped(value)) == value


def test_units_stand_where_people_expect_them():
    assert with_unit(Decimal("1250.50"), "$") == "$1,250.5"
    assert with_unit(Decimal(-20), "$") == "-$20"
    assert with_unit(Decimal("4.1"), "%") == "4.1%"
    assert with_unit(Decimal(490), "families") == "490 families"
    assert with_unit(Decimal(0), "") == "0"
