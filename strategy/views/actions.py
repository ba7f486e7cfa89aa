"""Priorities and actions, the logic model of each, and its drawing."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.entries import Entry, change_entry, set_aside
from municipalities.pages import REFUSED, added, changed
from municipalities.queries import people
from municipalities.saving import conflict_fragment, conflict_view, refused_fragment, saved
from strategy import queries, services
from strategy.forms import ActionForm, ItemForm, LinesForm, MoveForm, PartnerForm, PriorityForm
from strategy.models import LogicItem, Measure, Part, Placed, Priority, ProgressEntry, StrategicAction

KINDS: dict[str, type[Entry]] = {
    "priorities": Priority,
    "actions": StrategicAction,
    "items": LogicItem,
    "measures": Measure,
    "progress": ProgressEntry,
}
MOVING: dict[str, type[Placed]] = {"priorities": Priority, "actions": StrategicAction, "items": LogicItem}


def whole(seat: Seat) -> queries.Strategy:
    """All of the municipality's strategy as it stands today."""
    return queries.strategy(seat.municipality, timezone.localdate())


def home(slug: str, anchor: str = "") -> str:
    return reverse("strategy:strategy", args=[slug]) + (f"#{anchor}" if anchor else "")


@require_safe
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """Every priority with its actions."""
    seat = access.read(request, slug)
    return render(request, "strategy/strategy.html", {"strategy": whole(seat)})


@require_safe
def diagram(request: HttpRequest, slug: str) -> HttpResponse:
    """The logic model drawn from left to right, a priority at a time."""
    seat = access.read(request, slug)
    return render(request, "strategy/diagram.html", {"strategy": whole(seat)})


# --- Priorities -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_priority(request: HttpRequest, slug: str) -> HttpResponse:
    """A new priority."""
    seat = access.contribute(request, slug)
    form = PriorityForm(request.POST if request.method == "POST" else None)

    def store() -> HttpResponse | None:
        try:
            row = services.add_priority(municipality=seat.municipality, values=form.posted(), by=seat.user)
        except services.TooManyError:
            return form.add_error(None, too_many())
        messages.success(request, _("Added: %(name)s") % {"name": row})
        return redirect(home(slug, f"priority-{row.pk}"))

    lead = _("Three to five priorities carry a plan. Actions under each say how its goal is reached.")
    return added(request, form, {"title": _("Add a priority"), "lead": lead, "back": home(slug)}, store)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_priority(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a priority."""
    seat = access.contribute(request, slug)
    row = get_object_or_404(Priority.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    words = {"title": _("Change the priority"), "back": home(slug)}
    return changed(request, seat, row, PriorityForm, words, partial(change_entry, Priority))


# --- Actions ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add_action(request: HttpRequest, slug: str) -> HttpResponse:
    """A new action, under the priority of `?priority=`."""
    seat = access.contribute(request, slug)
    choices = queries.action_choices(seat.municipality)
    if not choices["priority_id"]:
        messages.info(request, _("Add a priority first: every action belongs to one."))
        return redirect("strategy:add_priority", slug)
    initial = {"priority_id": request.GET.get("priority", "")}
    form = ActionForm(request.POST if request.method == "POST" else None, choices=choices, initial=initial)

    def store() -> HttpResponse | None:
        try:
            row = services.add_action(municipality=seat.municipality, values=form.posted(), by=seat.user)
        except services.TooManyError:
            return form.add_error(None, too_many())
        messages.success(request, _("Added. Now say what goes into it and what should come of it."))
        return redirect(_page(slug, row.pk))

    lead = _("One thing that is done for a priority. Only its name is needed now; the rest can follow.")
    words = {"title": _("Add an action"), "lead": lead, "back": home(slug)}
    return added(request, form, words, store, more={"people": people(seat.municipality)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_action(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what is said of an action."""
    seat = access.contribute(request, slug)
    row = get_object_or_404(StrategicAction.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    choices = queries.action_choices(seat.municipality)
    if str(row.priority_id) not in dict(choices["priority_id"]):
        choices["priority_id"].append((str(row.priority_id), _("%(name)s (set aside)") % {"name": row.priority}))
    words = {"title": _("Change the action"), "back": _page(slug, pk), "action": row}
    form, more = partial(ActionForm, choices=choices), {"people": people(seat.municipality)}
    return changed(request, seat, row, form, words, partial(change_entry, StrategicAction), more=more)


def _page(slug: str, pk: int, anchor: str = "") -> str:
    return reverse("strategy:action", args=[slug, pk]) + (f"#{anchor}" if anchor else "")


@require_safe
def action(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An action: what is said of it, its partners, its logic model as a table to fill in."""
    return _action_page(request, access.read(request, slug), pk)


def _action_page(request: HttpRequest, seat: Seat, pk: int, status: int = 200, **more: Any) -> HttpResponse:
    found = whole(seat)
    view = found.action(pk)
    if view is None:
        return _away(request, seat, pk)
    # The action says who wrote it last, and so does each of its lines.
    prefetch_related_objects([view.row], "updated_by")
    prefetch_related_objects([item.row for item in view.items], "updated_by")
    find = request.GET.get("find", "").strip()[:200] if seat.contributes else ""
    aside = [row for row in found.aside["items"] if isinstance(row, LogicItem) and row.action_id == pk]
    taking_part = [partner.pk for partner in view.partners]
    partners = queries.partners_found(seat.municipality, find, taking_part) if find else []
    context = {"strategy": found, "view": view, "aside": aside, "find": find, "found": partners, **more}
    return render(request, "strategy/action.html", context, status=status)


def _away(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """An action that is set aside, or whose priority is, is found on the page of all; 404 for one that never was."""
    get_object_or_404(StrategicAction.objects.of(seat.municipality), pk=pk)
    messages.info(request, _("This action, or its priority, is set aside. Below it can be put back."))
    return redirect(home(seat.municipality.slug, "aside"))


@require_POST
def partner(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A partner of the coalition takes part in an action, or (`out`) no longer does."""
    seat = access.contribute(request, slug)
    form = PartnerForm(request.POST)
    if not form.is_valid():
        raise Http404
    joins = not form.cleaned_data["out"]
    try:
        row = services.set_partner(
            municipality=seat.municipality, action=pk, partner=form.cleaned_data["partner"], joins=joins, by=seat.user
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except services.TooManyError:
        messages.error(request, too_many())
        return redirect(_page(slug, pk, "partners"))
    said = _("%(name)s takes part.") if joins else _("%(name)s no longer takes part.")
    messages.success(request, said % {"name": row})
    return redirect(_page(slug, pk, "partners"))


# --- Lines of the logic model -----------------------------------------------------------------------------


@require_POST
def add_items(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """New lines in a part, one a line of what was typed or pasted."""
    seat = access.contribute(request, slug)
    form = LinesForm(request.POST)
    if not form.is_valid():
        problems = [str(error) for errors in form.errors.values() for error in errors]
        refused = {"part": request.POST.get("part", ""), "texts": request.POST.get("texts", ""), "problems": problems}
        return _action_page(request, seat, pk, REFUSED, refused=refused)
    part = Part(form.cleaned_data["part"])
    try:
        rows = services.add_items(
            municipality=seat.municipality, action=pk, part=part, texts=form.cleaned_data["texts"], by=seat.user
        )
    except StrategicAction.DoesNotExist as error:
        raise Http404 from error
    except services.TooManyError:
        refused = {"part": part, "texts": request.POST.get("texts", ""), "problems": [too_many()]}
        return _action_page(request, seat, pk, REFUSED, refused=refused)
    messages.success(request, _("%(part)s: %(n)s added.") % {"part": part.label, "n": len(rows)})
    return redirect(_page(slug, pk, f"part-{part}"))


@require_POST
def item(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The text of one line, which saves itself."""
    seat = access.contribute(request, slug)
    row = get_object_or_404(LogicItem.objects.of(seat.municipality), pk=pk)
    dom, back = f"item-{pk}", _page(slug, row.action_id, f"item-{pk}")
    form = ItemForm(request.POST)
    if not form.is_valid():
        if request.htmx:  # type: ignore[attr-defined]
            return refused_fragment(request, form.problems())
        typed = {"pk": pk, "text": request.POST.get("text", ""), "problems": form.problems()}
        return _action_page(request, seat, row.action_id, REFUSED, typed=typed)
    outcome = change_entry(
        LogicItem,
        municipality=seat.municipality,
        pk=pk,
        seen=form.cleaned_data["version"],
        values=form.posted(),
        by=seat.user,
    )
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom=dom, action=request.path, back=back)
        if request.htmx:  # type: ignore[attr-defined]
            return conflict_fragment(request, view)
        return render(request, "strategy/conflict.html", {"conflict": view}, status=409)
    return saved(request, outcome, dom=dom, back=back)


# --- For several kinds ------------------------------------------------------------------------------------


@require_POST
def move(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """One place up or down, or (as a page that was dragged on sends it) into a group, before another row."""
    seat = access.contribute(request, slug)
    form = MoveForm(request.POST)
    if kind not in MOVING or not form.is_valid():
        raise Http404
    wanted = form.cleaned_data
    try:
        row = services.move(MOVING[kind], municipality=seat.municipality, pk=pk, by=seat.user, **wanted)
    except (ObjectDoesNotExist, KeyError) as error:
        raise Http404 from error
    return redirect(_row(slug, row))


@require_POST
def aside(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Set a priority, an action, a line, a measure or a value aside, or (`back`) put it back."""
    seat = access.contribute(request, slug)
    if kind not in KINDS:
        raise Http404
    away = "back" not in request.POST
    try:
        row = _put(kind, seat, pk, away=away)
    except KINDS[kind].DoesNotExist as error:
        raise Http404 from error
    except services.DayTakenError:
        messages.error(request, day_taken())
        return redirect(_row(slug, ProgressEntry.objects.of(seat.municipality).get(pk=pk)))
    said = _("Set aside, not deleted: %(name)s") if away else _("Put back: %(name)s")
    messages.success(request, said % {"name": row})
    return redirect(_row(slug, row))


def _put(kind: str, seat: Seat, pk: int, *, away: bool) -> Entry:
    if kind == "progress" and not away:
        return services.put_back_progress(municipality=seat.municipality, pk=pk, by=seat.user)
    return set_aside(KINDS[kind], municipality=seat.municipality, pk=pk, aside=away, by=seat.user)


def _row(slug: str, row: Entry) -> str:
    """Where a row stands, or stood."""
    if isinstance(row, LogicItem):
        return _page(slug, row.action_id, f"item-{row.pk}")
    if isinstance(row, Measure):
        return reverse("strategy:measures", args=[slug])
    if isinstance(row, ProgressEntry):
        return reverse("strategy:measure", args=[slug, row.measure_id])
    return home(slug, f"{'action' if isinstance(row, StrategicAction) else 'priority'}-{row.pk}")


def day_taken() -> str:
    """A measure has one value a day."""
    return _("This measure has a value for that day already. Change that one, or choose another day.")


def too_many() -> str:
    """Nothing more fits: a plan with so many is nobody's plan."""
    return _("There are so many already that no more can be added. Set some aside first.")
