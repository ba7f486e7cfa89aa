"""Pages of findings, data and engagement: one set for the three kinds; enter through the gate, call one function."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from findings import queries
from findings.forms import EngagementForm, FindingForm, SourceForm
from findings.models import Engagement, Finding, Source
from municipalities import access
from municipalities.access import Seat
from municipalities.entries import Entry, add_entry, change_entry, set_aside
from municipalities.pages import added, changed
from municipalities.saving import RecordForm
from municipalities.tables import csv_answer


@dataclass(frozen=True)
class Kind:
    """What the pages of one kind of entry say and use."""

    model: type[Entry]
    form: Callable[..., RecordForm]
    add: str | Promise
    change: str | Promise
    lead: str | Promise


KINDS = {
    "findings": Kind(
        Finding,
        FindingForm,
        gettext_lazy("Add a finding"),
        gettext_lazy("Change the finding"),
        gettext_lazy("One thing that the plan has found out, and what shows it. The actions will answer it."),
    ),
    "data": Kind(
        Source,
        SourceForm,
        gettext_lazy("Add a data source"),
        gettext_lazy("Change the data source"),
        gettext_lazy("Data besides the Mobility Metrics: whose they are, what they cover, how good they are."),
    ),
    "engagement": Kind(
        Engagement,
        EngagementForm,
        gettext_lazy("Add an engagement"),
        gettext_lazy("Change the engagement"),
        gettext_lazy("A time when residents or stakeholders were heard, and what came back to them."),
    ),
}


@require_safe
def entries(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The findings with what is missing, the data inventory, or the engagement log."""
    seat = access.read(request, slug)
    told = _kind(kind)
    base = queries.base(seat.municipality, timezone.localdate())
    context = {"base": base, "kind": kind, "told": told, "aside": base.aside[kind]}
    return render(request, f"findings/{kind}.html", context)


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def _form(kind: Kind, seat: Seat) -> Callable[..., RecordForm]:
    if kind.model is Finding:
        return partial(kind.form, choices=queries.choices(seat.municipality))
    return kind.form


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """A new entry."""
    seat = access.contribute(request, slug)
    told, back = _kind(kind), _back(slug, kind)
    form = _form(told, seat)(request.POST if request.method == "POST" else None)

    def store() -> HttpResponse:
        row = add_entry(told.model, municipality=seat.municipality, values=form.posted(), by=seat.user)
        messages.success(request, _("Added: %(name)s") % {"name": row})
        return redirect(back)

    return added(request, form, {"title": told.add, "lead": told.lead, "back": back, "kind": kind}, store)


def _back(slug: str, kind: str) -> str:
    return reverse("findings:entries", args=[slug, kind])


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Change an entry."""
    seat = access.contribute(request, slug)
    told = _kind(kind)
    row = get_object_or_404(told.model.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    words = {"title": told.change, "back": _back(slug, kind), "kind": kind}
    return changed(request, seat, row, _form(told, seat), words, partial(change_entry, told.model))


@require_POST
def aside(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Set an entry aside, or (`back`) put it back."""
    seat = access.contribute(request, slug)
    told, away = _kind(kind), "back" not in request.POST
    try:
        row = set_aside(told.model, municipality=seat.municipality, pk=pk, aside=away, by=seat.user)
    except told.model.DoesNotExist as error:
        raise Http404 from error
    said = _("Set aside, not deleted: %(name)s") if away else _("Put back: %(name)s")
    messages.success(request, said % {"name": row})
    return redirect(_back(slug, kind))


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What is not set aside, as CSV; no cell of it is a formula."""
    seat = access.read(request, slug)
    told = _kind(kind)
    base = queries.base(seat.municipality, timezone.localdate())
    listed: dict[str, list[tuple[Any, tuple[str, ...]]]] = {
        "findings": [(line.row, line.shown_by) for line in base.findings],
        "data": [(row, ()) for row in base.sources],
        "engagement": [(row, ()) for row in base.engagements],
    }
    names = [name for name in told.model.FIELDS if name not in ("metrics", "sources", "engagements")]
    more = ["shown_by"] if told.model is Finding else []
    rows = (
        (*(getattr(row, name) for name in names), *(["; ".join(shown_by)] if more else []))
        for row, shown_by in listed[kind]
    )
    return csv_answer(f"{seat.municipality.slug}-{kind}.csv", (*names, *more), rows)
