"""The coalition as a whole: who is missing, and everybody as a list or a board."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coalition import queries
from coalition.filters import PartnerFilter, PersonFilter
from coalition.models import Status
from municipalities import access
from municipalities.access import Seat
from municipalities.queries import names_by_email

VIEWS = ("list", "board")


@require_safe
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is missing, then everybody or the part that was asked for: as a list, or as a board by status."""
    seat = access.read(request, slug)
    found = PartnerFilter(request.GET, seat)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    context = {
        "coverage": queries.coverage(seat.municipality, candidates=True),
        "filter": found,
        "filtered": bool(found.set),
        "view": view,
        "kept": kept(request, "view", "page"),
        "removed": _removed(request, seat),
        "statuses": Status.choices,
        "today": timezone.localdate(),
        "names": names_by_email(seat.municipality),
        **(
            {"columns": queries.board(found.qs)}
            if view == "board"
            else {"page": queries.listed(found.qs, request.GET.get("page"))}
        ),
    }
    return render(request, "coalition/roster.html", context)


def kept(request: HttpRequest, *without: str) -> str:
    """The question of the address as it is, but for some of its parts."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()


def _removed(request: HttpRequest, seat: Seat) -> queries.Removed | None:
    entry = request.GET.get("removed", "")
    if not (seat.contributes and entry.isdecimal()):
        return None
    return queries.removed(seat.municipality, int(entry[:18]))


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """The Management Team's roles, then all people by name or those that were asked for."""
    seat = access.read(request, slug)
    found = PersonFilter(request.GET, seat)
    context = {
        "team": queries.management_team(seat.municipality),
        "filter": found,
        "filtered": bool(found.set),
        "kept": kept(request, "page"),
        "page": queries.people_listed(found.qs, request.GET.get("page")),
    }
    return render(request, "coalition/people.html", context)
