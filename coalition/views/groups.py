"""Working groups: all of them with the meetings to come, and each with its members."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition import queries, services
from coalition.forms import GroupForm, number
from coalition.models import GroupMember, Meeting, Person, WorkingGroup
from municipalities import access
from municipalities.pages import added, changed
from municipalities.queries import names_by_email

LONGEST_SEARCH = 200


@require_safe
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """The working groups, the meetings to come and those that were, and what follows from them."""
    seat = access.read(request, slug)
    today, meetings = timezone.localdate(), Meeting.objects.of(seat.municipality)
    context = {
        "groups": queries.groups_listed(seat.municipality),
        "coming": meetings.coming(today).select_related("group"),
        "page": queries.past_meetings(meetings, request.GET.get("page")),
        "follow_ups": queries.unfinished(seat.municipality),
        "names": names_by_email(seat.municipality),
        "feeds": queries.meeting_feeds(seat.municipality, seat.user),
        "today": today,
    }
    return render(request, "coalition/groups.html", context)


@require_safe
def group(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One group; `?find=` looks for somebody to join it."""
    seat = access.read(request, slug)
    rows = WorkingGroup.objects.filter(municipality=seat.municipality).select_related("municipality", "updated_by")
    row = get_object_or_404(rows, pk=pk)
    find = request.GET.get("find", "").strip()[:LONGEST_SEARCH] if seat.contributes else ""
    context = {
        "page": queries.group_page(row, request.GET.get("page"), find),
        "row": row,
        "find": find,
        "feeds": queries.meeting_feeds(seat.municipality, seat.user).filter(group=row),
    }
    return render(request, "coalition/group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new working group."""
    seat = access.contribute(request, slug)
    form = GroupForm(request.POST if request.method == "POST" else None)
    words = {"title": _("Add a working group"), "lead": _("Some of the coalition’s people who work on one thing.")}

    def store() -> HttpResponse:
        row = services.add_group(municipality=seat.municipality, values=form.posted(), by=seat.user)
        messages.success(request, _("Added: %(name)s. Who works in it?") % {"name": row})
        return redirect("coalition:group", slug, row.pk)

    return added(request, form, {**words, "back": reverse("coalition:groups", args=[slug])}, store)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a group, or say that it has ended."""
    seat = access.contribute(request, slug)
    rows = WorkingGroup.objects.filter(municipality=seat.municipality).select_related("updated_by")
    row = get_object_or_404(rows, pk=pk)
    words = {"title": _("Change the working group"), "back": reverse("coalition:group", args=[slug, pk])}
    return changed(request, seat, row, GroupForm, words, services.change_group)


@require_POST
def join(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody of the coalition joins a group."""
    seat = access.contribute(request, slug)
    try:
        person = number(request.POST.get("person", ""))
        row = services.join_group(municipality=seat.municipality, group=pk, person=person, by=seat.user)
    except (ValueError, WorkingGroup.DoesNotExist, Person.DoesNotExist) as error:
        raise Http404 from error
    messages.success(request, _("In the group: %(name)s.") % {"name": row.person})
    return redirect("coalition:group", slug, pk)


@require_POST
def chair(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A member takes the chair."""
    seat = access.contribute(request, slug)
    try:
        row = services.give_chair(municipality=seat.municipality, pk=pk, by=seat.user)
    except GroupMember.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("In the chair: %(name)s.") % {"name": row.person})
    return redirect("coalition:group", slug, row.group_id)


@require_POST
def leave(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A member leaves; the search on the page brings them back."""
    seat = access.contribute(request, slug)
    try:
        row = services.leave_group(municipality=seat.municipality, pk=pk, by=seat.user)
    except GroupMember.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Not in the group any more: %(name)s.") % {"name": row.person})
    return redirect("coalition:group", slug, row.group_id)
