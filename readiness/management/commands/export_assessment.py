"""Write the current round as a file: CSV, JSON and xlsx, which import_assessment takes, a Word form or a PDF report."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from documents.apart import RenderError
from municipalities.management.lookup import municipality
from municipalities.management.output import write_file
from readiness import queries
from readiness.export.files import FILES, TEXTS
from readiness.models import Round
from readiness.queries import Assessment


class Command(BaseCommand):
    help = (
        "Write the current round as CSV or JSON in UTF-8, as an Excel worksheet, a Word form or a PDF report. "
        "In the CSV, a cell that a spreadsheet would run as a formula begins with an apostrophe; import_assessment "
        "takes it off again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument("--format", choices=list(FILES), default="csv", help="csv, if not given")
        parser.add_argument("-o", "--output", metavar="FILE", help="a file instead of standard output")

    def handle(self, *args: Any, slug: str, output: str | None, **options: Any) -> None:
        kind = options["format"]
        if output is None and kind not in TEXTS:
            raise CommandError(f"A {kind} file is no text. Name a file for it: -o {slug}.{kind}")
        content = _content(slug, kind)
        if output is not None:
            write_file(output, content)
            return
        if hasattr(self.stdout, "reconfigure"):
            # Whatever the terminal's encoding, the contract says UTF-8 and plain line feeds.
            self.stdout.reconfigure(encoding="utf-8", newline="")
        self.stdout.write(content.decode())


def _content(slug: str, kind: str) -> bytes:
    assessment = _assessment(slug)
    try:
        return FILES[kind][1](assessment)
    except RenderError as error:
        raise CommandError(f"The report of {slug} could not be made into a PDF: {error}") from error


def _assessment(slug: str) -> Assessment:
    place = municipality(slug)
    try:
        return queries.assessment(place)
    except Round.DoesNotExist as error:
        raise CommandError(f"{place} has no round yet.") from error
