"""Writes about who belongs to a municipality."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from municipalities.models import Invitation, Membership, Municipality, ReadinessPolicy, Role
from municipalities.records import add, overwrite, remove


class InvitationError(Exception):
    """The invitation cannot be used any more, or not by this person."""


class LastAdvocateError(Exception):
    """A municipality without a Mobility Advocate could not be run by anybody."""


class SeatChangedError(Exception):
    """Somebody else changed the member's role or title first."""


@transaction.atomic
def create_municipality(*, slug: str, name: str, state: str = "", by: User | None = None) -> Municipality:
    """A municipality with the default policy; raises ValidationError for a slug or a name that cannot be."""
    place = Municipality(slug=slug, name=name, state=state)
    place.full_clean()
    add(place, by=by)
    add(ReadinessPolicy(municipality=place), by=by)
    return place


@transaction.atomic
def describe(*, municipality: Municipality, name: str, state: str, by: User | None) -> None:
    """Give a municipality its name and its state; its address stays."""
    row: Municipality = Municipality.objects.select_for_update(no_key=True, of=("self",)).get(pk=municipality.pk)
    overwrite(row, by=by, name=name, state=state)


@transaction.atomic
def invite(
    *, municipality: Municipality, email: str, role: str, name: str = "", title: str = "", by: User | None
) -> tuple[Invitation, str]:
    """A new invitation and its secret; an earlier open one to the same address stops working."""
    email = email.strip().lower()
    # One at a time, or two invitations to one address would both count as the first.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    earlier = Invitation.objects.filter(municipality=municipality, email__iexact=email, used_at=None, revoked_at=None)
    earlier.update(revoked_at=timezone.now(), revoked_by=by)
    return Invitation.issue(municipality=municipality, email=email, role=role, name=name, title=title, invited_by=by)


def revoke(*, invitation: Invitation, by: User) -> None:
    """The invitation's link stops working; raises InvitationError where it was used or withdrawn meanwhile."""
    still_open = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if not still_open.update(revoked_at=timezone.now(), revoked_by=by):
        raise InvitationError


@transaction.atomic
def accept(*, token: str, user: User | None = None, name: str = "", password: str = "") -> Membership:
    """
    Use an invitation once: by its signed-in owner, or by a new person who sets a name and a password.

    Raises InvitationError where it is used, withdrawn, expired or somebody else's.
    """
    invitation = Invitation.objects.by_token(token).usable().select_for_update().first()
    if invitation is None:
        raise InvitationError
    holder = user or _new_user(invitation, name, password)
    if holder.email.lower() != invitation.email.lower():
        raise InvitationError
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    return _seat(invitation, holder)


def _new_user(invitation: Invitation, name: str, password: str) -> User:
    known = User.objects.filter(email__iexact=invitation.email).first()
    if known is None:
        return _create_user(invitation.email, name, password)
    if known.has_usable_password():
        # The link alone must not take over an account that somebody already signs in to.
        raise InvitationError
    known.name, known.is_active = name or known.name, True
    known.set_password(password)
    known.save(update_fields=["name", "is_active", "password"])
    return known


def _create_user(email: str, name: str, password: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name, password=password)
    except IntegrityError as error:
        # Another municipality's invitation made the account in this very moment.
        raise InvitationError from error


def _seat(invitation: Invitation, user: User) -> Membership:
    found = Membership.objects.filter(municipality=invitation.municipality, user=user).first()
    if found:
        # Whoever sits there already keeps their role: only `change_role` may lower an advocate.
        return found
    row = Membership(municipality=invitation.municipality, user=user, role=invitation.role, title=invitation.title)
    return add(row, by=user)


@transaction.atomic
def change_role(*, membership: Membership, role: str, title: str, by: User, seen: int | None = None) -> None:
    """
    Give a member another role. `seen` is the version its writer saw, None where nobody looked.

    Raises LastAdvocateError for the only advocate, SeatChangedError where `seen` is not the last version, and
    Membership.DoesNotExist where the member was removed meanwhile.
    """
    locked = _locked(membership)
    if seen not in (None, locked.version):
        raise SeatChangedError
    if role != Role.ADVOCATE:
        _keep_an_advocate(locked)
    overwrite(locked, by=by, role=role, title=title)


@transaction.atomic
def set_reminders(*, membership: Membership, wanted: bool, by: User) -> None:
    """Whether a member gets e-mails about what is theirs and comes due."""
    overwrite(Membership.objects.select_for_update().get(pk=membership.pk), by=by, reminders=wanted)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a member's seat away; what they wrote stays. Raises LastAdvocateError for the only advocate."""
    locked = _locked(membership)
    _keep_an_advocate(locked)
    remove(locked, by=by)


def _locked(membership: Membership) -> Membership:
    # Every advocate's row is locked, so that two at once cannot each remove the other.
    list(Membership.objects.filter(municipality=membership.municipality, role=Role.ADVOCATE).select_for_update())
    row: Membership = Membership.objects.select_for_update().get(pk=membership.pk)
    return row


def _keep_an_advocate(membership: Membership) -> None:
    others = Membership.objects.filter(municipality=membership.municipality, role=Role.ADVOCATE).exclude(
        pk=membership.pk
    )
    if membership.role == Role.ADVOCATE and not others.exists():
        raise LastAdvocateError
