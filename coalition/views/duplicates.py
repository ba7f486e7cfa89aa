"""Entries that may be one: proposed, looked at side by side, merged, and taken apart again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition import queries, services
from coalition.models import Merge, MergeKind
from coalition.services.merging import pair, together
from municipalities import access
from municipalities.access import Seat
from municipalities.several import SeveralField
from municipalities.wording import day


@require_safe
def duplicates(request: HttpRequest, slug: str) -> HttpResponse:
    """Pairs that may be one, and the latest merges."""
    seat = access.contribute(request, slug)
    context = {"pairs": queries.likenesses(seat.municipality), "merges": queries.merges(seat.municipality)}
    return render(request, "coalition/duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, slug: str, kind: str, kept: int, gone: int) -> HttpResponse:
    """Both side by side and what would be together; then put one into the other."""
    seat = access.contribute(request, slug)
    if kind not in MergeKind.values:
        raise Http404
    if request.method != "POST":
        return _side_by_side(request, seat, kind, kept, gone)
    join = services.merge_partners if kind == MergeKind.PARTNER else services.merge_people
    try:
        join(municipality=seat.municipality, kept=kept, gone=gone, by=seat.user)
    except (ObjectDoesNotExist, services.NotOneError) as error:
        raise Http404 from error
    messages.success(request, _("They are one now. You can undo this here."))
    return redirect("coalition:duplicates", slug)


def _side_by_side(request: HttpRequest, seat: Seat, kind: str, kept: int, gone: int) -> HttpResponse:
    try:
        one, other = pair(seat.municipality, kind, kept, gone)
    except (ObjectDoesNotExist, services.NotOneError) as error:
        raise Http404 from error
    after = together(one, other)
    lines = [
        (
            _label(one, name),
            _said(one, name, getattr(one, name)),
            _said(other, name, getattr(other, name)),
            _said(one, name, value),
        )
        for name, value in after.items()
        if getattr(one, name) or getattr(other, name)
    ]
    context = {"kind": kind, "one": one, "other": other, "lines": lines, "partner": kind == MergeKind.PARTNER}
    return render(request, "coalition/merge.html", context)


def _label(row: Any, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _said(row: Any, name: str, value: Any) -> str:
    """A value in the words of the page."""
    field = row._meta.get_field(name)
    if isinstance(field, SeveralField) and field.kinds:
        return ", ".join(str(field.kinds(key).label) for key in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if hasattr(value, "isoformat"):
        return day(value)
    return "" if value is None else str(value)


@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a merge apart."""
    seat = access.contribute(request, slug)
    try:
        services.undo_merge(municipality=seat.municipality, pk=pk, by=seat.user)
    except Merge.DoesNotExist as error:
        raise Http404 from error
    except services.TooLateError:
        messages.error(
            request, _("This merge cannot be undone any more: one of the two was removed, erased or merged again.")
        )
        return redirect("coalition:duplicates", slug)
    messages.success(request, _("They are two again."))
    return redirect("coalition:duplicates", slug)
