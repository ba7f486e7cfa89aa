"""Write the current round as CSV (the worksheet that import_assessment takes) or as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from municipalities.management.lookup import municipality
from municipalities.management.output import write_file
from readiness import exchange, queries
from readiness.models import Round
from readiness.queries import Assessment


class Command(BaseCommand):
    help = (
        "Write the current round as CSV or JSON, in UTF-8. In the CSV, a cell that a spreadsheet would run "
        "as a formula begins with an apostrophe; import_assessment takes it off again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument("--format", choices=["csv", "json"], default="csv", help="csv, if not given")
        parser.add_argument("-o", "--output", metavar="FILE", help="a file instead of standard output")

    def handle(self, *args: Any, slug: str, output: str | None, **options: Any) -> None:
        text = _text(slug, options["format"])
        if output is not None:
            write_file(output, text.encode())
            return
        if hasattr(self.stdout, "reconfigure"):
            # Whatever the terminal's encoding, the contract says UTF-8 and plain line feeds.
            self.stdout.reconfigure(encoding="utf-8", newline="")
        self.stdout.write(text)


def _text(slug: str, kind: str) -> str:
    assessment = _assessment(slug)
    if kind == "csv":
        return exchange.to_csv(assessment)
    return json.dumps(exchange.to_json(assessment), ensure_ascii=False, indent=2) + "\n"


def _assessment(slug: str) -> Assessment:
    place = municipality(slug)
    try:
        return queries.assessment(place)
    except Round.DoesNotExist as error:
        raise CommandError(f"{place} has no round yet.") from error
