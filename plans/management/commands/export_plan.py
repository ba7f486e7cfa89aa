"""Write the Mobility Action Plan: an accessible, archival PDF (PDF/UA-1, PDF/A-3a), a Word file or slides."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError

from documents.apart import RenderError
from municipalities.management.lookup import municipality
from municipalities.management.output import write_file
from municipalities.models import Municipality
from plans import queries
from plans.finished import PDF, SLIDES, WORD


class Command(BaseCommand):
    help = "Write the Mobility Action Plan: a PDF, accessible and archival at once, a Word file or slides."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            help="the file: FILE.docx is a Word file, FILE.pptx slides, any other a PDF; - for the PDF on standard "
            "output; SLUG-mobility-action-plan.pdf here, if not given",
        )

    def handle(self, *args: Any, slug: str, output: str | None, **options: Any) -> None:
        place = municipality(slug)
        content = _file(place, output or "")
        if output == "-":
            sys.stdout.buffer.write(content)
            return
        path = PDF.file_name(place.slug) if output is None else output
        write_file(path, content)
        self.stdout.write(f"Written to {path}.")


def _file(place: Municipality, output: str) -> bytes:
    kind = next((kind for kind in (WORD, SLIDES) if output.lower().endswith(f".{kind.ending}")), PDF)
    try:
        return kind.finished(queries.plan_document(place))
    except ObjectDoesNotExist as error:
        raise CommandError(f"{place} has no plan yet.") from error
    except RenderError as error:
        raise CommandError(str(error)) from error
