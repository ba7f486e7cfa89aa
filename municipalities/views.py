"""Pages about who belongs to a municipality: enter through the gate, call one function, render."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.links import link
from accounts.models import User
from municipalities import access, queries, services
from municipalities.access import Seat
from municipalities.forms import InviteForm, JoinForm, MunicipalityForm, SeatForm
from municipalities.models import Invitation, Membership, Role
from municipalities.queries import Reader
from municipalities.saving import send_anew
from municipalities.wording import MEANING

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


@require_safe
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs here and what each may do; the Advocate's way to every change."""
    seat = access.read(request, slug)
    context = {
        "page": queries.settings_page(seat.municipality, seat.user),
        "invitations": queries.open_invitations(seat.municipality) if seat.administers else (),
    }
    return render(request, "municipalities/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """The municipality's name and state."""
    seat = access.administer(request, slug)
    place = seat.municipality
    form = MunicipalityForm(request.POST or None, initial={"name": place.name, "state": place.state})
    if request.method == "POST" and form.is_valid():
        services.describe(municipality=place, by=seat.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("municipalities:settings", slug)
    return render(request, "municipalities/details.html", {"form": form}, status=REFUSED if form.errors else None)


def _member(seat: Seat, pk: int) -> Membership:
    rows = Membership.objects.filter(municipality=seat.municipality).select_related("user")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One member's role and job title."""
    seat = access.administer(request, slug)
    row = _member(seat, pk)
    form = SeatForm(request.POST or None, initial={"role": row.role, "title": row.title, "version": row.version})
    if request.method == "POST" and form.is_valid() and _changed(form, row, seat):
        messages.success(request, _("Saved: %(name)s.") % {"name": row.user})
        return redirect("municipalities:settings", slug)
    context = {"form": form, "row": row}
    return render(request, "municipalities/member.html", context, status=REFUSED if form.errors else None)


def _changed(form: SeatForm, row: Membership, seat: Seat) -> bool:
    """Whether the form's values are stored; if not, it says why."""
    values = form.cleaned_data
    try:
        services.change_role(
            membership=row, role=values["role"], title=values["title"], by=seat.user, seen=values["version"]
        )
    except services.LastAdvocateError:
        form.add_error("role", _only_advocate(row))
    except services.SeatChangedError:
        form.add_error(None, _changed_meanwhile(row))
        send_anew(form, version=row.version)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    return not form.errors


def _only_advocate(row: Membership) -> str:
    return _(
        "%(name)s is the only Mobility Advocate, and nobody could run the municipality without one. "
        "Give somebody else that role first."
    ) % {"name": row.user}


def _changed_meanwhile(row: Membership) -> str:
    now = f"{row.get_role_display()}, {row.title}" if row.title else row.get_role_display()
    return _("Somebody changed this since you opened the page; it is now: %(now)s. Compare, then save again.") % {
        "now": now
    }


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then take a member's seat away."""
    seat = access.administer(request, slug)
    row = _member(seat, pk)
    if request.method != "POST":
        return render(request, "municipalities/remove.html", {"row": row})
    try:
        services.remove_member(membership=row, by=seat.user)
    except services.LastAdvocateError:
        context = {"row": row, "problem": _only_advocate(row)}
        return render(request, "municipalities/remove.html", context, status=REFUSED)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Removed: %(name)s.") % {"name": row.user})
    # Who removed themselves has no seat here any more.
    return redirect("home") if row.user == seat.user else redirect("municipalities:settings", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Invite somebody by e-mail; only where the mail cannot be sent is the link shown, this once.

    Otherwise whoever invites could open it and make an account under an address that is not theirs.
    """
    seat = access.administer(request, slug)
    form = InviteForm(request.POST or None, municipality=seat.municipality)
    if request.method != "POST" or not form.is_valid():
        return render(request, "municipalities/invite.html", {"form": form}, status=REFUSED if form.errors else None)
    made, token = services.invite(municipality=seat.municipality, by=seat.user, **form.cleaned_data)
    address = link("municipalities:invitation", token)
    context = {"invitation": made, "link": "" if _sent(made, address) else address}
    response = render(request, "municipalities/invited.html", context)
    add_never_cache_headers(response)
    return response


def _sent(made: Invitation, address: str) -> bool:
    context = {"invitation": made, "link": address, "meaning": MEANING[Role(made.role)]}
    subject = _("Join %(place)s in Mobility Planning") % {"place": made.municipality}
    try:
        send_mail(subject, render_to_string("municipalities/email/invitation.txt", context), None, [made.email])
    except OSError:
        return False
    return True


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make an invitation's link stop working."""
    seat = access.administer(request, slug)
    row = get_object_or_404(Invitation, municipality=seat.municipality, pk=pk)
    try:
        services.revoke(invitation=row, by=seat.user)
    except services.InvitationError:
        messages.info(request, _("This invitation was used or withdrawn already."))
    else:
        messages.success(
            request, _("Withdrawn: the link sent to %(email)s does not work any more.") % {"email": row.email}
        )
    return redirect("municipalities:settings", slug)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The way in. Looking (GET) never uses the link up; only joining (POST) does."""
    found = queries.invitation(token)
    response = _welcome(request, token, found) if found and queries.usable(found) else _no_way_in(request, found)
    # The address is a secret, so no search engine and no other site is to see it. "no-referrer" would go too far:
    # with it, browsers hide from the page's own form where it comes from, and the form would be refused.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _no_way_in(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """The same words whether it was used, withdrawn, ran out or never was."""
    status = HTTPStatus.GONE if found else HTTPStatus.NOT_FOUND
    return render(request, "municipalities/invitation_gone.html", status=status)


def _welcome(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    """What somebody must do to join: a new person's form, one button, or first a sign-in with the right address."""
    reader = queries.reader(found, request.user)
    form = JoinForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and (reader == Reader.OWNER or (reader == Reader.NEW and form.is_valid())):
        return _join(request, token, form.cleaned_data if reader == Reader.NEW else {})
    context = {"invitation": found, "reader": reader, "form": form, "meaning": MEANING[Role(found.role)]}
    status = REFUSED if request.method == "POST" else HTTPStatus.OK
    return render(request, "municipalities/invitation.html", context, status=status)


def _join(request: HttpRequest, token: str, typed: dict[str, str]) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    try:
        seat = services.accept(token=token, user=user, **typed)
    except services.InvitationError:
        # Something changed between looking and joining; the page says what.
        return redirect("municipalities:invitation", token)
    if user is None:
        login(request, seat.user)
    messages.success(
        request,
        _("Welcome to %(place)s. You are here as: %(role)s.")
        % {"place": seat.municipality, "role": seat.get_role_display()},
    )
    return redirect("overview", seat.municipality.slug)
