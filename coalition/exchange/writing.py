"""The coalition as files: CSV and Excel with the columns that an import knows, vCards for an address book."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import vobject
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from coalition.exchange.columns import COLUMNS, PARTNER, Column
from coalition.models import Partner, Person, Sector
from documents.cells import guarded, unguarded
from documents.spreadsheet import put_text

# What says that somebody lives with poverty goes out only where somebody asks for it.
PRIVATE = ("lived_experience",)


def lines(partners: Iterable[Partner], *, lived: bool) -> Iterator[list[str]]:
    """The names of the columns, then a line a person or partner without people; `lived` tells who has experience."""
    columns = [column for column in COLUMNS if lived or column.key not in PRIVATE]
    yield [column.key for column in columns]
    for partner in partners:
        for person in list(partner.people.all()) or [None]:
            yield [_cell(column, partner, person, lived=lived) for column in columns]


def _cell(column: Column, partner: Partner, person: Person | None, *, lived: bool) -> str:
    if column.of == PARTNER:
        withheld = column.field == "sector" and partner.individual and partner.sector == Sector.RESIDENTS
        return "" if withheld and not lived else words(getattr(partner, column.field))
    return words(getattr(person, column.field)) if person else ""


def words(value: Any) -> str:
    """A value as a cell of a file says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value)


def as_csv(partners: Iterable[Partner], *, lived: bool) -> str:
    """UTF-8 text with a mark for spreadsheets; no cell of it is a formula."""
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([guarded(cell) for cell in line] for line in lines(partners, lived=lived))
    return file.getvalue()


def as_excel(partners: Iterable[Partner], *, lived: bool) -> bytes:
    """A sheet of texts; what looks like a formula is one no more."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  # a new book has one
    sheet.title = _("Coalition")
    sheet.freeze_panes = "B2"
    for number, line in enumerate(lines(partners, lived=lived), 1):
        for at, text in enumerate(line, 1):
            # Read again, one apostrophe before a formula is taken away.
            kept = text if unguarded(text) == text else guarded(text)
            cell = put_text(sheet.cell(number, at), _storable(kept))
            if number == 1:
                cell.font = Font(bold=True)
    for at in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 22
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _storable(text: str) -> str:
    """Without the control characters that no Excel file can hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")


def as_vcards(people: Iterable[Person]) -> str:
    """A vCard 3.0 each, with the partner as the organization; nothing of notes or lived experience."""
    return "".join(_card(person) for person in people)


def _card(person: Person) -> str:
    card = vobject.vCard()
    card.add("fn").value = person.name
    first, _space, last = person.name.rpartition(" ")
    card.add("n").value = vobject.vcard.Name(family=last, given=first)
    card.add("uid").value = f"coalition-person-{person.pk}"
    if not person.partner.individual:
        card.add("org").value = [person.partner.name, *filter(None, [person.department])]
    for name, value in (("title", person.title), ("email", person.email), ("tel", person.phone)):
        if value:
            card.add(name).value = value
    return str(card.serialize())
