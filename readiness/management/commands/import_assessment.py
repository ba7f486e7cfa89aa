"""Take over answers from a CSV worksheet: all rows or none."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from municipalities.management.lookup import municipality
from municipalities.management.output import reason
from municipalities.models import Municipality
from municipalities.rules.text import printable
from readiness import exchange
from readiness.models import Round
from readiness.rules import worksheet
from readiness.services import RoundFrozenError


class Command(BaseCommand):
    help = (
        "Take over answers from a CSV file into the current round, all rows or none. "
        f"Columns: {', '.join(worksheet.COLUMNS)}; key is needed. A column or a row that is left out stays "
        "as it is; an empty cell empties its field. A row is a step (leadership.1; status not_yet, "
        "under_way, in_place) or a condition (leadership; status is the judged state not_yet, partly, "
        "in_place, with a reason)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument("file", help="the CSV file, in UTF-8")

    def handle(self, *args: Any, slug: str, file: str, **options: Any) -> None:
        place = municipality(slug)
        changed = _import(place, file)
        rows = "1 row" if len(changed) == 1 else f"{len(changed)} rows"
        self.stdout.write(f"{place}: {rows} changed." if changed else f"{place}: nothing to change.")


def _import(place: Municipality, file: str) -> list[str]:
    sheet = _sheet(file)
    because = f"Import of {printable(Path(file).name)}"
    try:
        return exchange.take_over(municipality=place, sheet=sheet, by=None, because=because)
    except worksheet.WorksheetError as error:
        raise CommandError(f"{file} was not imported and nothing was changed:\n{error}") from error
    except RoundFrozenError as error:
        text = f"{place}: the round is decided and does not change any more. Start a new round first."
        raise CommandError(text) from error
    except Round.DoesNotExist as error:
        raise CommandError(f"{place} has no round yet.") from error


def _sheet(file: str) -> worksheet.Sheet:
    try:
        return worksheet.read(_content(file))
    except worksheet.WorksheetError as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error


def _content(file: str) -> bytes:
    try:
        with open(file, "rb") as content:
            return content.read(worksheet.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read: {reason(error)}.") from error
