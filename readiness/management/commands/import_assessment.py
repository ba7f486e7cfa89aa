"""Take over answers from a worksheet: all rows or none."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from municipalities.management.lookup import municipality
from municipalities.management.output import reason
from municipalities.models import Municipality
from municipalities.rules.text import printable
from readiness import imports
from readiness.models import Round
from readiness.rules import worksheet
from readiness.services import RoundFrozenError


class Command(BaseCommand):
    help = (
        "Take over answers from a CSV, xlsx or json file into the current round, all rows or none. "
        f"Columns of the CSV: {', '.join(worksheet.COLUMNS)}; key is needed. A column or a row that is left out stays "
        "as it is; an empty cell empties its field. A row is a step (leadership.1; status not_yet, "
        "under_way, in_place) or a condition (leadership; status is the judged state not_yet, partly, "
        "in_place, with a reason)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument("file", help="a CSV file in UTF-8, or an xlsx or json file as export_assessment writes it")

    def handle(self, *args: Any, slug: str, file: str, **options: Any) -> None:
        place = municipality(slug)
        changed = _import(place, file)
        rows = "1 row" if len(changed) == 1 else f"{len(changed)} rows"
        self.stdout.write(f"{place}: {rows} changed." if changed else f"{place}: nothing to change.")


def _import(place: Municipality, file: str) -> list[str]:
    raw = _content(file)
    because = f"Import of {printable(Path(file).name)}"
    try:
        round_ = imports.current_round(place)
        incoming = _read(file, raw, round_)
        return imports.apply(round_=round_, incoming=incoming, taken=(), by=None, because=because, settled=False)
    except worksheet.WorksheetError as error:
        raise CommandError(f"{file} was not imported and nothing was changed:\n{error}") from error
    except imports.ImportConflictError as error:
        text = (
            "these fields were changed here after the worksheet was taken. Import it on the page, where you can choose"
        )
        raise CommandError(f"{file} was not imported and nothing was changed: {text}: {error}") from error
    except RoundFrozenError as error:
        text = f"{place}: the round is decided and does not change any more. Start a new round first."
        raise CommandError(text) from error
    except Round.DoesNotExist as error:
        raise CommandError(f"{place} has no round yet.") from error


def _read(file: str, raw: bytes, round_: Round) -> imports.Incoming:
    try:
        return imports.read(file, raw, round_)
    except worksheet.WorksheetError as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error


def _content(file: str) -> bytes:
    try:
        with open(file, "rb") as content:
            return content.read(worksheet.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read: {reason(error)}.") from error
