"""One cell into one value: keys or the words that people read, dates as people write them, and what is wrong."""

import datetime
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.forms import URLField
from django.utils.translation import gettext as _

from coalition import wording
from coalition.exchange.columns import plain
from coalition.forms import MOST_HOURS, PHONE
from coalition.models import Lever, Part, Partner, Person, Sector, Status
from documents.cells import one_newline
from municipalities.fields import LONGEST
from municipalities.framework import SHORT, Pillar
from municipalities.saving import check_characters

_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class CellError(ValueError):
    """A cell that says nothing we know; its message tells why."""


def parsed(of: type[models.Model], field: str, cell: str) -> Any:
    """The value of a cell that is not empty; raises CellError."""
    return _PARSERS[of, field](cell)


def _choice(kind: type[models.TextChoices], also: dict[Any, Any] | None = None) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        known = _words(kind, tuple((str(key), str(word)) for key, word in (also or {}).items()))
        if plain(cell) not in known:
            raise CellError(
                _("“%(cell)s” is not known; use one of: %(all)s") % {"cell": cell[:60], "all": ", ".join(kind.values)}
            )
        return known[plain(cell)]

    return parse


@cache
def _words(kind: type[models.TextChoices], also: tuple[tuple[str, str], ...]) -> dict[str, str]:
    pairs = [*((key, key) for key in kind.values), *((str(key), str(label)) for key, label in kind.choices), *also]
    return {plain(word): str(kind(key).value) for key, word in pairs}


def _several(kind: type[models.TextChoices], also: dict[Any, Any] | None = None) -> Callable[[str], tuple[str, ...]]:
    one = _choice(kind, also)

    def parse(cell: str) -> tuple[str, ...]:
        keys = {one(part) for part in re.split(r"[;,\n]", cell) if part.strip()}
        return tuple(key for key in kind.values if key in keys)

    return parse


def _bool(cell: str) -> bool:
    words = {"yes": True, "y": True, "true": True, "1": True, "x": True}
    words |= {"no": False, "n": False, "false": False, "0": False}
    if cell.casefold() not in words:
        raise CellError(_("“%(cell)s” is neither yes nor no") % {"cell": cell[:60]})
    return words[cell.casefold()]


def _date(cell: str) -> datetime.date:
    american = _US_DATE.fullmatch(cell)
    try:
        if american:
            month, day, year = map(int, american.groups())
            return datetime.date(year, month, day)
        return datetime.date.fromisoformat(cell)
    except ValueError:
        words = _("“%(cell)s” is not a date (write it like 2027-03-31 or 3/31/2027)") % {"cell": cell[:60]}
        raise CellError(words) from None


def _hours(cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 2 and int(cell) <= MOST_HOURS):
        raise CellError(_("“%(cell)s” is not a whole number of hours from 0 to 80") % {"cell": cell[:60]})
    return int(cell)


def _line(longest: int, *checks: Callable[[str], object]) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise CellError(_("is longer than %(n)s characters") % {"n": longest})
        for check in checks:
            _tried(check, cell)
        return cell

    return parse


def _tried(check: Callable[[str], Any], cell: str) -> Any:
    """What the check gives back, its complaint as ours."""
    try:
        return check(cell)
    except ValidationError as error:
        raise CellError(" ".join(error.messages)) from error


def _text(cell: str) -> str:
    if len(cell) > LONGEST:
        raise CellError(_("is longer than %(n)s characters") % {"n": f"{LONGEST:,}"})
    return one_newline(cell).replace("\x00", "")


def _length(of: type[models.Model], field: str) -> int:
    return int(of._meta.get_field(field).max_length or 0)  # type: ignore[union-attr]


_WEB = URLField(max_length=_length(Partner, "website"), assume_scheme="https")


def _website(cell: str) -> str:
    return str(_tried(_WEB.clean, cell))


def _named(of: type[models.Model], field: str, *checks: Callable[[str], object]) -> Callable[[str], str]:
    return _line(_length(of, field), check_characters, *checks)


_PARSERS: dict[tuple[type[models.Model], str], Callable[[str], Any]] = {
    (Partner, "name"): _named(Partner, "name"),
    (Partner, "individual"): _bool,
    (Partner, "sector"): _choice(Sector, wording.SHORT_SECTORS),
    (Partner, "pillars"): _several(Pillar, SHORT),
    (Partner, "levers"): _several(Lever),
    (Partner, "website"): _website,
    (Partner, "notes"): _text,
    (Partner, "listed"): _bool,
    (Partner, "status"): _choice(Status),
    (Partner, "asked_by"): _named(Partner, "asked_by"),
    (Partner, "asked_on"): _date,
    (Partner, "ask"): _text,
    (Partner, "offer"): _text,
    (Partner, "follow_up_on"): _date,
    (Person, "name"): _named(Person, "name"),
    (Person, "title"): _named(Person, "title"),
    (Person, "email"): _line(_length(Person, "email"), validate_email),
    (Person, "phone"): _named(Person, "phone", PHONE),
    (Person, "role"): _choice(Part),
    (Person, "department"): _named(Person, "department"),
    (Person, "hours"): _hours,
    (Person, "listed"): _bool,
    (Person, "notes"): _text,
    (Person, "lived_experience"): _bool,
}
