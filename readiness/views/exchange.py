"""The worksheet out and in: every export, and an import that shows first what it would change."""

import logging
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.apart import RenderError
from documents.uploads import clean_name
from municipalities import access
from municipalities.access import Seat
from readiness import imports, queries, services
from readiness.export.files import FILES
from readiness.imports import Incoming
from readiness.queries import Assessment
from readiness.rules.worksheet import MAX_BYTES, Fault, Row, Sheet, WorksheetError
from readiness.views.cards import current_round

logger = logging.getLogger(__name__)
KEPT = "import"
# How a field is called on the page of what would change.
LABELS = {
    "status": gettext_lazy("Status"),
    "reason": gettext_lazy("Reason"),
    "note": gettext_lazy("Note"),
    "evidence": gettext_lazy("Evidence"),
    "owner": gettext_lazy("Owner"),
    "due": gettext_lazy("Due date"),
}


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The current round as a file."""
    seat = access.read(request, slug)
    if kind not in FILES:
        raise Http404
    assessment = queries.assessment(seat.municipality)
    content_type, make = FILES[kind]
    try:
        content = make(assessment)
    except RenderError:
        logger.exception("The assessment of %s could not be made into a PDF.", slug)
        return render(request, "readiness/memo_not_made.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = "private, no-cache"
    name = f"{slug}-readiness-{assessment.round.number}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every export with what it is for; a file that is sent here is shown before anything is stored."""
    if request.method != "POST":
        return _page(request, access.read(request, slug))
    seat = access.contribute(request, slug)
    upload = request.FILES.get("file")
    if upload is None or getattr(request, "too_large", False):
        return _page(request, seat, [_("Choose a worksheet (xlsx, csv or json), at most 5 MB.")])
    name = clean_name(upload.name or "")
    round_ = current_round(seat)
    try:
        incoming = imports.read(name, upload.read(MAX_BYTES + 1), round_)
        imports.plan(round_, incoming)
    except WorksheetError as error:
        return _page(request, seat, [str(fault) for fault in error.faults], name)
    request.session[KEPT] = _packed(seat, name, incoming)
    return redirect("readiness:import", slug)


def _page(request: HttpRequest, seat: Seat, problems: list[str] | None = None, name: str = "") -> HttpResponse:
    context = {"round": current_round(seat), "problems": (problems or [])[:50], "name": name}
    more = len(problems or []) - 50
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "readiness/exchange.html", {**context, "more": max(0, more)}, status=status)


def _packed(seat: Seat, name: str, incoming: Incoming) -> dict[str, object]:
    """What was read, kept in the session: it never leaves the server between preview and apply."""
    return {
        "slug": seat.municipality.slug,
        "name": name,
        "rows": [[row.line, row.key, dict(row.cells)] for row in incoming.sheet.rows],
        "versions": dict(incoming.versions),
        "marks": dict(incoming.marks),
    }


def _unpacked(request: HttpRequest, seat: Seat) -> tuple[str, Incoming] | None:
    kept = request.session.get(KEPT)
    if not kept or kept["slug"] != seat.municipality.slug:
        return None
    rows = tuple(Row(line, key, cells) for line, key, cells in kept["rows"])
    return kept["name"], Incoming(Sheet(rows), kept["versions"], kept["marks"])


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the file would change, conflicts to choose in; a POST applies it, all or nothing."""
    seat = access.contribute(request, slug)
    found = _unpacked(request, seat)
    if found is None:
        return redirect("readiness:exchange", slug)
    name, incoming = found
    assessment = queries.assessment(seat.municipality)
    if request.method == "POST" and request.POST.get("mark") == assessment.mark:
        return _apply(request, seat, assessment, name, incoming)
    try:
        plan = imports.plan(assessment.round, incoming)
    except WorksheetError as error:
        return _page(request, seat, [str(fault) for fault in error.faults], name)
    if request.method == "POST":
        messages.info(request, _("Somebody changed an answer meanwhile. Look at it once more, then apply."))
    context = {"name": name, "plan": plan, "assessment": assessment, "groups": _groups(assessment, plan)}
    status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return render(request, "readiness/import.html", context, status=status)


def _groups(assessment: Assessment, plan: imports.Plan) -> list[tuple[str, list[tuple[str, str, imports.Line]]]]:
    """The lines by condition: a step's statement or the condition's own, the field's word, the line."""
    tool = assessment.instrument
    groups: dict[str, list[tuple[str, str, imports.Line]]] = {}
    for line in plan.lines:
        condition = tool.by_key[queries.condition_of(line.key)]
        what = tool.steps[line.key].statement if line.key in tool.steps else _("The condition itself")
        groups.setdefault(condition.name, []).append((what, str(LABELS[line.column]), line))
    return list(groups.items())


def _apply(request: HttpRequest, seat: Seat, assessment: Assessment, name: str, incoming: Incoming) -> HttpResponse:
    taken = {field for field, choice in request.POST.items() if choice == "take"}
    try:
        changed = imports.apply(
            round_=assessment.round, incoming=incoming, taken=taken, by=seat.user, because=f"Import of {name}"
        )
    except WorksheetError as error:
        return _page(request, seat, [str(fault) for fault in error.faults], name)
    except services.RoundFrozenError:
        return _page(request, seat, [str(Fault(0, _("the round is decided and does not change any more")))], name)
    del request.session[KEPT]
    words = ngettext("%(n)s row changed by %(name)s.", "%(n)s rows changed by %(name)s.", len(changed))
    messages.success(request, words % {"n": len(changed), "name": name})
    return redirect("readiness:overview", seat.municipality.slug)


@require_POST
def forget(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the import; nothing of the file is kept."""
    access.contribute(request, slug)
    request.session.pop(KEPT, None)
    return redirect("readiness:exchange", slug)
