"""Numbers as people type and read them, kept as exact decimals."""

import re
from decimal import Decimal, InvalidOperation

PLACES = 4
# Larger than any city's budget in cents, and small enough for its column.
MOST = Decimal(10) ** 12
_MARKS = str.maketrans("", "", ", \u00a0\u202f$%")
_WRITTEN = re.compile(r"-?\d*\.?\d*", re.ASCII)
_MINUS = "\u2212"


def parse(text: str) -> Decimal:
    """The number in `text`, written as 1,250 or $4.10 or 12%; raises ValueError for anything else."""
    plain_text = text.translate(_MARKS).replace(_MINUS, "-")
    # What Decimal would take besides digits, a sign and a point: 1e5, Infinity, 1_000, digits of other scripts.
    if not _WRITTEN.fullmatch(plain_text):
        raise ValueError(text)
    try:
        value = Decimal(plain_text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= MOST or value != round(value, PLACES):
        raise ValueError(text)
    return round(value, PLACES) + 0


def plain(value: Decimal) -> str:
    """The number for a field or a file, without zeros that say nothing: 4.1, 1250."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: Decimal) -> str:
    """The number for a reader: 1,250.5."""
    whole, dot, rest = plain(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole != "-0" else f"-0{dot}{rest}"


def with_unit(value: Decimal, unit: str) -> str:
    """The number with its unit where people expect it: $1,250, 4.1%, 490 families."""
    sign, size = ("-" if value < 0 else ""), grouped(abs(value))
    if unit == "$":
        return f"{sign}${size}"
    return f"{sign}{size}%" if unit == "%" else f"{sign}{size} {unit}".rstrip()
