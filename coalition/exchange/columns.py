"""Which column of a file is which of ours: by our own names, and by those that other people's rosters use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """`key` is the head in our own files; `field` the model's field; `of` whose it is."""

    key: str
    of: str
    field: str
    label: Any
    also: tuple[str, ...] = ()


PARTNER, PERSON = "partner", "person"
_ORGANIZATION = ("organisation", "org", "company", "agency", "partner", "employer", "organization name")
COLUMNS = (
    Column("organization", PARTNER, "name", _("Organization"), _ORGANIZATION),
    Column("individual", PARTNER, "individual", _("Speaks for themself (yes or no)"), ("resident",)),
    Column("sector", PARTNER, "sector", _("Sector"), ("type", "category", "organization type")),
    Column("pillars", PARTNER, "pillars", _("Pillars"), ("pillar", "topics", "domains", "areas")),
    Column("levers", PARTNER, "levers", _("What they can move"), ("lever",)),
    Column("website", PARTNER, "website", _("Website"), ("url", "web", "web site")),
    Column("organization_notes", PARTNER, "notes", _("Notes on the organization"), ("notes", "comments", "remarks")),
    Column("organization_listed", PARTNER, "listed", _("Organization agreed to be named (yes or no)"), ("listed",)),
    Column("status", PARTNER, "status", _("Status of the request"), ("stage", "commitment")),
    Column("asked_by", PARTNER, "asked_by", _("Who asks"), ("owner", "lead", "contacted by", "assigned to")),
    Column("asked_on", PARTNER, "asked_on", _("Asked on"), ("date asked", "contacted on")),
    Column("ask", PARTNER, "ask", _("What we ask of them"), ("request",)),
    Column("offer", PARTNER, "offer", _("What we offer them"), ()),
    Column("follow_up_on", PARTNER, "follow_up_on", _("Follow up on"), ("follow up", "next contact")),
    Column("person", PERSON, "name", _("Person"), ("name", "full name", "contact", "contact name", "contact person")),
    Column("title", PERSON, "title", _("Title"), ("job title", "position")),
    Column("email", PERSON, "email", _("E-mail"), ("e mail", "mail", "email address", "e mail address")),
    Column("phone", PERSON, "phone", _("Phone"), ("telephone", "phone number", "mobile", "cell", "tel")),
    Column("role", PERSON, "role", _("Role in the work"), ("part",)),
    Column("department", PERSON, "department", _("Department"), ("dept", "division")),
    Column("hours", PERSON, "hours", _("Hours a week"), ("hours per week", "hours week")),
    Column("person_listed", PERSON, "listed", _("Person agreed to be named (yes or no)"), ()),
    Column("person_notes", PERSON, "notes", _("Notes on the person"), ()),
    Column("lived_experience", PERSON, "lived_experience", _("Lived experience (yes or no)"), ()),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}


def plain(name: str) -> str:
    """A name for comparing: lower case, words alone with a space between them."""
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


_NAMES = {plain(name): column.key for column in COLUMNS for name in (*column.also, column.key)}


def known_names(cells: Iterable[str]) -> int:
    """How many of the cells are names of columns that we know."""
    return sum(plain(cell) in _NAMES for cell in cells)


def proposed(header: Sequence[str]) -> dict[int, str]:
    """For each column of the file whose name we know: the key of ours, each once, the first that fits."""
    found: dict[int, str] = {}
    for number, name in enumerate(header):
        key = _NAMES.get(plain(name))
        if key and key not in found.values():
            found[number] = key
    return found


def checked(mapping: Mapping[int, str]) -> list[str]:
    """What is wrong with a choice of columns, in words: one of ours chosen twice, or nobody's name among them."""
    chosen = list(mapping.values())
    twice = [str(BY_KEY[key].label) for key in BY_KEY if chosen.count(key) > 1]
    problems = [str(_("“%(name)s” is chosen for more than one column.")) % {"name": name} for name in twice]
    if not {"organization", "person"} & set(chosen):
        problems.append(str(_("Say which column holds the organization or the person.")))
    return problems
