"""Write the Mobility Action Plan: a PDF that is accessible (PDF/UA-1) and archival (PDF/A-3a), or a Word file."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError

from documents.pdf import RenderError
from municipalities.management.lookup import municipality
from municipalities.management.output import write_file
from municipalities.models import Municipality
from plans import queries
from plans.finished import SLIDES, WORD, file_name, finished


class Command(BaseCommand):
    help = "Write the Mobility Action Plan of a municipality: a PDF, accessible and archival at once, or a Word file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            help="the file: FILE.docx is a Word file, FILE.pptx slides, any other a PDF; - for the PDF on standard "
            "output; "
            "SLUG-mobility-action-plan.pdf here, if not given",
        )

    def handle(self, *args: Any, slug: str, output: str | None, **options: Any) -> None:
        place = municipality(slug)
        content = _file(place, output or "")
        if output == "-":
            sys.stdout.buffer.write(content)
            return
        path = file_name(place) if output is None else output
        write_file(path, content)
        self.stdout.write(f"Written to {path}.")


def _file(place: Municipality, output: str) -> bytes:
    make = next((kind.finished for kind in (WORD, SLIDES) if output.lower().endswith(f".{kind.ending}")), finished)
    try:
        return make(queries.plan_document(place))
    except ObjectDoesNotExist as error:
        raise CommandError(f"{place} has no plan yet.") from error
    except RenderError as error:
        raise CommandError(str(error)) from error
