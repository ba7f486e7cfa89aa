"""Pages of the preparedness plan: enter through the gate, call one function, render."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.links import link
from municipalities import access, feeds
from municipalities.access import Seat
from municipalities.queries import people
from municipalities.saving import conflict_view
from municipalities.tables import csv_answer
from preparedness import calendar, proposals, queries, services
from preparedness.forms import ActionForm
from preparedness.models import Action, ActionStatus, Feed
from preparedness.queries import Filter
from readiness.models import Round
from readiness.services import RoundFrozenError

VIEWS = ("list", "board", "timeline")
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The actions as a list, a board or a timeline; what is proposed; what waits to be confirmed."""
    seat = access.read(request, slug)
    chosen = _filter(request)
    view = request.GET.get("view", "")
    query = request.GET.copy()
    query.pop("view", None)
    context = {
        "page": queries.plan(seat.municipality, timezone.localdate(), chosen),
        "chosen": chosen,
        "view": view if view in VIEWS else VIEWS[0],
        "kept": query.urlencode(),
        "statuses": ActionStatus.choices,
        "feeds": queries.feeds(seat.municipality, seat.user),
    }
    return render(request, "preparedness/plan.html", context)


def _filter(request: HttpRequest) -> Filter:
    return Filter(**{name: request.GET.get(name, "").strip() for name in ("text", "owner", "condition", "status")})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new action: from a step's proposal (`?step=`), or one's own."""
    seat = access.contribute(request, slug)
    round_ = _current(seat)
    if request.method != "POST":
        return _action_page(request, seat, ActionForm(instrument=round_.instrument, initial=_drafted(request, round_)))
    form = ActionForm(request.POST, instrument=round_.instrument)
    if not form.is_valid():
        return _action_page(request, seat, form, status=REFUSED)
    row = services.add_action(municipality=seat.municipality, values=form.values(), by=seat.user)
    messages.success(request, _("Added: %(title)s.") % {"title": row})
    return redirect("preparedness:plan", slug)


def _drafted(request: HttpRequest, round_: Round) -> dict[str, object]:
    key = request.GET.get("step", "")
    draft = proposals.load(round_.instrument_version).get(key)
    return {"title": draft.title, "resources": draft.takes, "steps": [key]} if draft else {}


def _current(seat: Seat) -> Round:
    round_ = Round.objects.of(seat.municipality).current()
    if round_ is None:
        raise Http404
    return round_


def _action_page(
    request: HttpRequest, seat: Seat, form: ActionForm, *, status: int = HTTPStatus.OK, **extra: Any
) -> HttpResponse:
    context = {"form": form, "people": people(seat.municipality), **extra}
    return render(request, "preparedness/action.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change one action; members who only read see it."""
    seat = access.contribute(request, slug) if request.method == "POST" else access.read(request, slug)
    row = get_object_or_404(Action.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    tool = _current(seat).instrument
    if request.method != "POST":
        return _action_page(request, seat, ActionForm(row=row, instrument=tool), row=row)
    form = ActionForm(request.POST, row=row, instrument=tool)
    if not form.is_valid():
        return _action_page(request, seat, form, row=row, status=REFUSED)
    return _change(request, seat, row, form)


def _change(request: HttpRequest, seat: Seat, row: Action, form: ActionForm) -> HttpResponse:
    try:
        outcome = services.change_action(
            municipality=seat.municipality,
            pk=row.pk,
            seen=form.cleaned_data["version"],
            values=form.values(),
            by=seat.user,
        )
    except services.ReasonlessError:
        form.add_error("reason", _("Write why it is dropped."))
        return _action_page(request, seat, form, row=row, status=REFUSED)
    back = reverse("preparedness:plan", args=[seat.municipality.slug])
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom="action", action=request.path, back=back)
        context = {"conflict": view, "row": row}
        return render(request, "preparedness/conflict.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved: %(title)s.") % {"title": outcome.row})
    return redirect(back)


@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give an action another status, from a card of the board."""
    seat = access.contribute(request, slug)
    status = request.POST.get("status", "")
    if status not in ActionStatus.values:
        raise Http404
    try:
        row = services.move(municipality=seat.municipality, pk=pk, status=status, by=seat.user)
    except Action.DoesNotExist as error:
        raise Http404 from error
    except services.ReasonlessError:
        messages.info(request, _("Write why it is dropped, then save."))
        return redirect("preparedness:edit", slug, pk)
    words = {"title": row.title, "status": row.get_status_display()}
    messages.success(request, _("%(title)s: %(status)s.") % words)
    return redirect(f"{reverse('preparedness:plan', args=[slug])}?view=board")


@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that a finished action's step is in place, or that it is not and the action goes on."""
    seat = access.contribute(request, slug)
    key, seen = request.POST.get("step", ""), request.POST.get("version", "")
    if not seen.isdecimal() or len(seen) > 9:
        raise Http404
    try:
        if "not_yet" in request.POST:
            services.move(municipality=seat.municipality, pk=pk, status=ActionStatus.DOING, by=seat.user)
            messages.success(request, _("The action goes on."))
        else:
            _confirm(request, seat, pk, key, int(seen))
    except (Action.DoesNotExist, services.NotWaitingError) as error:
        raise Http404 from error
    return redirect("preparedness:plan", slug)


def _confirm(request: HttpRequest, seat: Seat, pk: int, key: str, seen: int) -> None:
    try:
        outcome = services.confirm(municipality=seat.municipality, pk=pk, key=key, seen=seen, by=seat.user)
    except RoundFrozenError:
        messages.error(request, _("The round is decided. Start a new one, then confirm."))
        return
    if outcome.conflicts:
        messages.error(request, _("Somebody changed this step meanwhile. Look at it, then confirm again."))
    else:
        messages.success(request, _("The step is in place."))


HEAD = ("title", "status", "owner", "due", "conditions", "steps", "resources", "how", "reason")


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The actions of the same filter as CSV; no cell of it is a formula."""
    seat = access.read(request, slug)
    found = queries.plan(seat.municipality, timezone.localdate(), _filter(request))
    rows = (
        (
            *(line.row.title, line.row.status, line.owner, line.row.due, ", ".join(line.conditions)),
            *(tuple(line.row.steps), line.row.resources, line.row.how, line.row.reason),
        )
        for line in found.lines
    )
    return csv_answer(f"{seat.municipality.slug}-preparedness.csv", HEAD, rows)


@require_POST
def open_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A calendar address of one's own, shown once."""
    seat = access.read(request, slug)
    mine = request.POST.get("which") != "all"
    _feed, token = services.open_feed(municipality=seat.municipality, user=seat.user, mine_only=mine)
    response = render(request, "preparedness/feed.html", {"address": link("calendar:feed", token), "mine": mine})
    add_never_cache_headers(response)
    return response


@require_POST
def revoke_feed(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A calendar address stops working."""
    seat = access.read(request, slug)
    try:
        services.revoke_feed(municipality=seat.municipality, user=seat.user, pk=pk)
    except Feed.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The calendar address does not work any more."))
    return redirect("preparedness:plan", slug)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; nothing is told of one that does not work."""
    found = feeds.found_by(Feed, token)
    lines = queries.feed_lines(found, timezone.localdate())
    return feeds.answer(calendar.feed(found.municipality, lines))
