"""One meeting: when it is, who came, what it decided and what follows."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition import queries, services
from coalition.export import meeting_calendar
from coalition.forms import AttendanceForm, ChangedFollowUpForm, FollowUpForm, MeetingForm, NewMeetingForm
from coalition.models import FollowUp, Meeting, WorkingGroup
from municipalities import access
from municipalities.access import Seat
from municipalities.pages import REFUSED, added, changed
from municipalities.queries import names_by_email, people


@require_safe
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A meeting with who came and what follows."""
    return _page(request, access.read(request, slug), pk)


def _page(
    request: HttpRequest,
    seat: Seat,
    pk: int,
    *,
    attended: AttendanceForm | None = None,
    follow: FollowUpForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rows = Meeting.objects.of(seat.municipality).select_related("group", "municipality", "updated_by")
    row = get_object_or_404(rows, pk=pk)
    context = {
        "page": queries.meeting_page(row),
        "row": row,
        "attended": attended or AttendanceForm(),
        "present": attended.numbers("present") if attended else None,
        "guests": attended.numbers("guest") if attended else None,
        "form": follow or FollowUpForm(),
        "people": people(seat.municipality),
        "names": names_by_email(seat.municipality),
    }
    return render(request, "coalition/meeting.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new meeting; `?group=` proposes whose."""
    seat = access.contribute(request, slug)
    form = NewMeetingForm(
        request.POST if request.method == "POST" else None,
        groups=WorkingGroup.objects.filter(municipality=seat.municipality, ended_on=None),
        group=request.GET.get("group", ""),
    )

    def store() -> HttpResponse:
        row = services.add_meeting(
            municipality=seat.municipality, group=form.whose(), values=form.posted(), by=seat.user
        )
        messages.success(request, _("Added: %(name)s.") % {"name": row})
        return redirect("coalition:meeting", slug, row.pk)

    words = {
        "title": _("Add a meeting"),
        "lead": _("Only a title and a date are needed now."),
        "back": reverse("coalition:groups", args=[slug]),
    }
    return added(request, form, words, store)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a meeting, write down its decisions, or call it off."""
    seat = access.contribute(request, slug)
    row = get_object_or_404(Meeting.objects.of(seat.municipality).select_related("updated_by"), pk=pk)
    words = {"title": _("Change the meeting"), "back": reverse("coalition:meeting", args=[slug, pk])}
    return changed(request, seat, row, MeetingForm, words, services.change_meeting)


@require_POST
def attendance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write down who came."""
    seat = access.contribute(request, slug)
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, pk, attended=form, status=REFUSED)
    try:
        services.take_attendance(
            municipality=seat.municipality,
            meeting=pk,
            shown=form.numbers("shown"),
            present=form.numbers("present"),
            gone=form.numbers("guest_shown") - form.numbers("guest"),
            guests=form.cleaned_data["guests"],
            by=seat.user,
        )
    except Meeting.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Saved who was there."))
    return redirect(f"{reverse('coalition:meeting', args=[slug, pk])}#attendance")


@require_safe
def calendar_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The meeting for a calendar program."""
    seat = access.read(request, slug)
    row = get_object_or_404(Meeting.objects.of(seat.municipality).select_related("group", "municipality"), pk=pk)
    response = HttpResponse(meeting_calendar.calendar([row]), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f'attachment; filename="meeting-{row.on}.ics"'
    return response


@require_POST
def follow(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody takes something on."""
    seat = access.contribute(request, slug)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, pk, follow=form, status=REFUSED)
    try:
        services.add_follow_up(municipality=seat.municipality, meeting=pk, values=form.posted(), by=seat.user)
    except Meeting.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Written down."))
    return redirect(f"{reverse('coalition:meeting', args=[slug, pk])}#follow-ups")


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what somebody took on."""
    seat = access.contribute(request, slug)
    rows = FollowUp.objects.filter(meeting__municipality=seat.municipality).select_related("updated_by")
    row = get_object_or_404(rows, pk=pk)
    back = f"{reverse('coalition:meeting', args=[slug, row.meeting_id])}#follow-ups"
    words = {"title": _("Change a follow-up"), "back": back}
    more = {"people": people(seat.municipality)}
    return changed(request, seat, row, ChangedFollowUpForm, words, services.change_follow_up, more=more)


@require_POST
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """It is done, or not after all."""
    seat = access.contribute(request, slug)
    done = request.POST.get("done") == "yes"
    try:
        row = services.settle_follow_up(municipality=seat.municipality, pk=pk, done=done, by=seat.user)
    except FollowUp.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, (_("Done: %(text)s") if done else _("Open again: %(text)s")) % {"text": row})
    return redirect(f"{reverse('coalition:meeting', args=[slug, row.meeting_id])}#follow-ups")
