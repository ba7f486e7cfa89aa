"""The page of a file that is being made: how far it is, the file when it is there, and two buttons."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.apart import Stage
from municipalities import access
from municipalities.access import Seat
from plans import exports
from plans.finished import KINDS
from plans.models import Export, ExportState


def _mine(request: HttpRequest, slug: str, pk: int) -> tuple[Seat, Export]:
    seat = access.read(request, slug)
    try:
        return seat, exports.find(municipality=seat.municipality, pk=pk, by=seat.user)
    except Export.DoesNotExist as error:
        raise Http404 from error


@require_safe
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How far the file is; the page asks again every second."""
    _seat, row = _mine(request, slug, pk)
    kind = KINDS[row.kind]
    stages = kind.stages
    context = {
        "row": row,
        "kind": kind,
        "step": stages.index(Stage(row.stage)) + 1 if row.stage in stages else 0,
        "steps": len(stages),
        "file_name": kind.file_name(slug),
    }
    name = "plans/partials/_export_job.html" if request.htmx else "plans/export.html"  # type: ignore[attr-defined]
    response = render(request, name, context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file as it was made; where it is not kept any more, its own address makes it again."""
    _seat, row = _mine(request, slug, pk)
    kind = KINDS[row.kind]
    content = kind.kept(row.key) if row.state == ExportState.DONE else None
    if content is None:
        return redirect("plans:export", slug, pk) if row.open else redirect(kind.route, slug)
    return kind.attachment(content, kind.file_name(slug))


@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file is not needed after all."""
    _seat, row = _mine(request, slug, pk)
    exports.stop(row)
    messages.info(request, _("Stopped. Nothing of the file is kept."))
    return redirect("plans:plan", slug)


@require_POST
def mail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Tell me by e-mail how it ends."""
    _seat, row = _mine(request, slug, pk)
    exports.ask_for_mail(row)
    return redirect("plans:export", slug, pk)
