"""The measurement plan, each measure with its values over time, and everything as CSV."""

from collections.abc import Callable, Iterable
from functools import partial

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.entries import change_entry
from municipalities.pages import REFUSED, added, changed
from municipalities.queries import people
from municipalities.tables import csv_answer
from strategy import queries, services
from strategy.forms import MeasureForm, ProgressForm
from strategy.models import LogicItem, Measure, ProgressEntry
from strategy.rules.progress import State
from strategy.views.actions import day_taken, too_many, whole


@require_safe
def measures(request: HttpRequest, slug: str) -> HttpResponse:
    """Every measure and how it stands; `?state=` shows those in one state."""
    seat = access.read(request, slug)
    found = whole(seat)
    state = request.GET.get("state", "")
    state = state if state in list(State) else ""
    shown = [view for view in found.measures if not state or view.state == state]
    return render(request, "strategy/measures.html", {"strategy": found, "shown": shown, "state": state})


@require_POST
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """A measure to fill in for every line that ought to have one."""
    seat = access.contribute(request, slug)
    n = len(services.propose_measures(municipality=seat.municipality, by=seat.user))
    messages.success(request, ngettext("%(n)s measure added.", "%(n)s measures added.", n) % {"n": n})
    return redirect("strategy:measures", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def add_measure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new measure of a line."""
    seat = access.contribute(request, slug)
    line = get_object_or_404(LogicItem.objects.of(seat.municipality).select_related("action"), pk=pk)
    initial = {"name": line.text}
    form = MeasureForm(request.POST if request.method == "POST" else None, initial=initial)
    back = reverse("strategy:action", args=[slug, line.action_id]) + f"#item-{pk}"

    def store() -> HttpResponse | None:
        try:
            row = services.add_measure(municipality=seat.municipality, item=pk, values=form.posted(), by=seat.user)
        except services.TooManyError:
            return form.add_error(None, too_many())
        messages.success(request, _("Added: %(name)s") % {"name": row})
        return redirect("strategy:measure", slug, row.pk)

    lead = _("It measures: %(line)s (%(action)s).") % {"line": line, "action": line.action}
    words = {"title": _("Add a measure"), "lead": lead, "back": back, "measures": True}
    return added(request, form, words, store, more={"people": people(seat.municipality)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_measure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change how something is measured."""
    seat = access.contribute(request, slug)
    row = get_object_or_404(Measure.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    words = {"title": _("Change the measure"), "back": _page(slug, pk), "measures": True}
    more = {"people": people(seat.municipality)}
    return changed(request, seat, row, MeasureForm, words, partial(change_entry, Measure), more=more)


def _page(slug: str, pk: int) -> str:
    return reverse("strategy:measure", args=[slug, pk])


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A measure with its chart and its values; its form adds a value."""
    if request.method != "POST":
        return _measure_page(request, access.read(request, slug), pk, ProgressForm())
    seat = access.contribute(request, slug)
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return _measure_page(request, seat, pk, form, REFUSED)
    try:
        row = services.add_progress(municipality=seat.municipality, measure=pk, values=form.posted(), by=seat.user)
    except Measure.DoesNotExist as error:
        raise Http404 from error
    except services.DayTakenError:
        form.add_error("on", day_taken())
        return _measure_page(request, seat, pk, form, REFUSED)
    messages.success(request, _("Added: %(name)s") % {"name": row})
    return redirect(_page(slug, pk))


def _measure_page(request: HttpRequest, seat: Seat, pk: int, form: ProgressForm, status: int = 200) -> HttpResponse:
    found = whole(seat)
    view = found.measure(pk)
    if view is None:
        get_object_or_404(Measure.objects.of(seat.municipality), pk=pk)
        messages.info(request, _("This measure, or what it measures, is set aside. Below it can be put back."))
        return redirect(reverse("strategy:measures", args=[seat.municipality.slug]) + "#aside")
    prefetch_related_objects([view.row], "updated_by")
    aside = [row for row in found.aside["progress"] if isinstance(row, ProgressEntry) and row.measure_id == pk]
    context = {"strategy": found, "view": view, "form": form, "aside": aside}
    return render(request, "strategy/measure.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct a value."""
    seat = access.contribute(request, slug)
    rows = ProgressEntry.objects.of(seat.municipality).select_related("updated_by", "measure")
    row = get_object_or_404(rows, pk=pk)
    lead = _("A value of: %(measure)s") % {"measure": row.measure}
    words = {"title": _("Correct the value"), "lead": lead, "back": _page(slug, row.measure_id), "measures": True}
    try:
        return changed(request, seat, row, ProgressForm, words, services.change_progress)
    except services.DayTakenError:
        form = ProgressForm(request.POST, row=row)
        form.add_error("on", day_taken())
        return render(request, "strategy/record.html", {"form": form, "row": row, "words": words}, status=REFUSED)


# --- Taken along ------------------------------------------------------------------------------------------


def _actions(found: queries.Strategy) -> Iterable[Iterable[object]]:
    yield from (
        (
            *(action.number, priority.row.title, priority.row.goal, action.row.title, action.row.predictor),
            "; ".join(finding.text for finding in action.findings),
            action.row.lead,
            "; ".join(str(partner) for partner in action.partners),
            *(action.row.starts_on, action.row.ends_on, action.row.resources, action.row.evidence),
            *(action.row.equity, " ".join(action.row.systems)),
        )
        for priority in found.priorities
        for action in priority.actions
    )


def _logic(found: queries.Strategy) -> Iterable[Iterable[object]]:
    return ((view.number, view.row.title, item.row.part, item.row) for view in found.actions for item in view.items)


def _measured(found: queries.Strategy) -> Iterable[Iterable[object]]:
    for view in found.measures:
        row = view.row
        yield (
            *(view.number, view.item.part, view.item.text, row.name, row.unit, row.better, row.source, row.method),
            *(row.baseline, row.baseline_on, row.target, row.target_on, row.detail, row.frequency),
            *(row.collector, row.reported, view.state),
        )


def _progress(found: queries.Strategy) -> Iterable[Iterable[object]]:
    return (
        (view.number, view.row.name, entry.on, entry.value, view.row.unit, entry.note)
        for view in found.measures
        for entry in view.entries
    )


EXPORTS: dict[str, tuple[str, Callable[[queries.Strategy], Iterable[Iterable[object]]]]] = {
    "actions": (
        "number priority goal action predictor findings lead partners starts_on ends_on resources evidence equity "
        "systems",
        _actions,
    ),
    "logic": ("number action part text", _logic),
    "measures": (
        "number part line measure unit better source method baseline baseline_on target target_on broken_down_by "
        "frequency collector reported state",
        _measured,
    ),
    "progress": ("number measure on value unit note", _progress),
}


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Actions, the logic model, measures or their values as CSV; no cell of it is a formula."""
    seat = access.read(request, slug)
    if kind not in EXPORTS:
        raise Http404
    heads, rows = EXPORTS[kind]
    return csv_answer(f"{seat.municipality.slug}-{kind}.csv", heads.split(), rows(whole(seat)))
