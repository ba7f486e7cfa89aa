"""Calendar addresses for the meetings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.links import link
from coalition import queries, services
from coalition.export import meeting_calendar
from coalition.forms import number
from coalition.models import MeetingFeed, WorkingGroup
from municipalities import access, feeds


@require_POST
def open_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """A calendar address of one's own, for one group's meetings (`group`) or for all, shown once."""
    seat = access.read(request, slug)
    wanted = request.POST.get("group", "")
    try:
        group = number(wanted) if wanted else None
        row, token = services.open_meeting_feed(municipality=seat.municipality, user=seat.user, group=group)
    except (ValueError, WorkingGroup.DoesNotExist) as error:
        raise Http404 from error
    context = {"address": link("meeting_calendar:feed", token), "group": row.group}
    response = render(request, "coalition/feed.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
def revoke_feed(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A calendar address stops working."""
    seat = access.read(request, slug)
    try:
        services.revoke_meeting_feed(municipality=seat.municipality, user=seat.user, pk=pk)
    except MeetingFeed.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The calendar address does not work any more."))
    return redirect("coalition:groups", slug)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; nothing is told of one that does not work."""
    found = feeds.found_by(MeetingFeed, token)
    name = _("%(place)s: %(what)s") % {"place": found.municipality, "what": found.group or _("meetings")}
    return feeds.answer(meeting_calendar.calendar(queries.feed_meetings(found), name))
