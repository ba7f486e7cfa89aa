"""What the pages of a municipality's people show: plain values, in a constant number of queries."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from municipalities.models import Invitation, Membership, Municipality, ReadinessPolicy, Role
from municipalities.wording import MEANING


@dataclass(frozen=True)
class MemberLine:
    """One member. `only_advocate`: nobody could run the municipality without them, so they stay as they are."""

    pk: int
    name: str
    email: str
    role: str
    title: str
    you: bool
    only_advocate: bool


@dataclass(frozen=True)
class InvitationLine:
    """An invitation that nobody has used or withdrawn."""

    pk: int
    name: str
    email: str
    role: str
    invited_by: str
    until: datetime.datetime
    expired: bool


@dataclass(frozen=True)
class RoleLine:
    label: str
    meaning: str


@dataclass(frozen=True)
class PolicyLine:
    """The readiness policy in numbers; `required` counts the conditions that must be among the met ones."""

    proceed: int
    prepare: int
    required: int


@dataclass(frozen=True)
class Settings:
    members: tuple[MemberLine, ...]
    advocates: tuple[str, ...]
    policy: PolicyLine
    roles: tuple[RoleLine, ...]


def settings_page(municipality: Municipality, reader: User) -> Settings:
    """Who belongs to a municipality, what each may do, and by which policy it reads its readiness."""
    members = _members(municipality, reader)
    policy = ReadinessPolicy.objects.get(municipality=municipality)
    return Settings(
        members=members,
        advocates=tuple(line.name for line in members if line.role == Role.ADVOCATE.label),
        policy=PolicyLine(policy.proceed, policy.prepare, len(policy.required)),
        roles=role_lines(),
    )


def role_lines() -> tuple[RoleLine, ...]:
    """Every role and what it may do."""
    return tuple(RoleLine(str(role.label), str(MEANING[role])) for role in Role)


def _members(municipality: Municipality, reader: User) -> tuple[MemberLine, ...]:
    rows = list(Membership.objects.filter(municipality=municipality).select_related("user"))
    advocates = sum(row.role == Role.ADVOCATE for row in rows)
    return tuple(
        MemberLine(
            pk=row.pk,
            name=str(row.user),
            email=row.user.email,
            role=row.get_role_display(),
            title=row.title,
            you=row.user_id == reader.pk,
            only_advocate=advocates == 1 and row.role == Role.ADVOCATE,
        )
        for row in rows
    )


def people(municipality: Municipality) -> list[str]:
    """The names of everybody in the municipality, to propose as owners."""
    return list(Membership.objects.filter(municipality=municipality).values_list("user__name", flat=True))


def accounts(municipality: Municipality) -> list[tuple[int, str]]:
    """The number and the name of every member, to choose one from."""
    members = Membership.objects.filter(municipality=municipality).select_related("user").order_by("user__name", "pk")
    return [(member.user_id, str(member.user)) for member in members]


def names_by_email(municipality: Municipality) -> dict[str, str]:
    """Every member's e-mail address, in lower case, to their name: an owner is often written by address."""
    members = Membership.objects.filter(municipality=municipality).values_list("user__email", "user__name")
    return {email.lower(): name for email, name in members}


def owned_by(user: User, column: str = "owner") -> Q:
    """Rows whose owner is this person: owners are written as an e-mail address or a name, in whatever case."""
    written = f"{column}__iexact"
    return Q(**{written: user.email}) | (Q(**{written: user.name}) & ~Q(**{column: ""}))


def open_invitations(municipality: Municipality) -> tuple[InvitationLine, ...]:
    """Invitations that still wait for an answer, the newest first; those that ran out too, to be sent anew."""
    rows = Invitation.objects.filter(municipality=municipality, used_at=None, revoked_at=None)
    now = timezone.now()
    return tuple(
        InvitationLine(
            pk=row.pk,
            name=row.name,
            email=row.email,
            role=row.get_role_display(),
            invited_by=str(row.invited_by or ""),
            until=row.expires_at,
            expired=row.expires_at <= now,
        )
        for row in rows.select_related("invited_by")
    )


class Reader(StrEnum):
    """Who opens an invitation's link."""

    NEW = "new"
    KNOWN = "known"
    OWNER = "owner"
    OTHER = "other"


def invitation(token: str) -> Invitation | None:
    """The invitation whose secret this is, usable or not."""
    return Invitation.objects.by_token(token).select_related("municipality", "invited_by").first()


def usable(found: Invitation) -> bool:
    """Neither used, nor withdrawn, nor expired."""
    return found.used_at is None and found.revoked_at is None and found.expires_at > timezone.now()


def reader(found: Invitation, user: User | AnonymousUser) -> Reader:
    """Somebody signed in, under the invited address or another one; or, by that address, a known or a new person."""
    if isinstance(user, User):
        return Reader.OWNER if user.email.lower() == found.email.lower() else Reader.OTHER
    account = User.objects.filter(email__iexact=found.email).first()
    return Reader.KNOWN if account and account.has_usable_password() else Reader.NEW
