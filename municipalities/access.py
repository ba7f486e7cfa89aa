"""
The one gate. Every view of a municipality enters through it.

A stranger gets 404, so that nobody learns which municipalities are here; a member whose role does not allow the
action gets 403 and a page that says who can help.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from municipalities.models import Membership, Municipality, Role


class Action(StrEnum):
    READ = "read"
    CONTACTS = "contacts"
    CONTRIBUTE = "contribute"
    DETERMINE = "determine"
    APPROVE = "approve"
    ADMINISTER = "administer"


# The whole of who may do what (docs/roles.md shows it to people; a test holds the two together).
ALLOWED: dict[Role, frozenset[Action]] = {
    Role.ADVOCATE: frozenset({Action.READ, Action.CONTACTS, Action.CONTRIBUTE, Action.ADMINISTER}),
    Role.CONTRIBUTOR: frozenset({Action.READ, Action.CONTACTS, Action.CONTRIBUTE}),
    Role.LEADERSHIP: frozenset({Action.READ, Action.CONTACTS, Action.CONTRIBUTE, Action.DETERMINE, Action.APPROVE}),
    Role.VIEWER: frozenset({Action.READ}),
}


@dataclass(frozen=True)
class Seat:
    """Who sits where: one person in one municipality, and the other places they belong to."""

    user: User
    membership: Membership
    others: tuple[Membership, ...] = ()

    @property
    def municipality(self) -> Municipality:
        return self.membership.municipality

    @property
    def role(self) -> Role:
        return Role(self.membership.role)

    def may(self, action: Action) -> bool:
        return action in ALLOWED[self.role]

    # What templates ask.
    @property
    def contributes(self) -> bool:
        return self.may(Action.CONTRIBUTE)

    @property
    def sees_contacts(self) -> bool:
        return self.may(Action.CONTACTS)

    @property
    def determines(self) -> bool:
        return self.may(Action.DETERMINE)

    @property
    def approves(self) -> bool:
        return self.may(Action.APPROVE)

    @property
    def administers(self) -> bool:
        return self.may(Action.ADMINISTER)


def enter(request: HttpRequest, slug: str, action: Action = Action.READ) -> Seat:
    """The person's seat in `slug`; raises Http404 for a stranger and PermissionDenied for a role too small."""
    seat = _seat(request, slug)
    request.seat = seat  # type: ignore[attr-defined]  # the frame of every page shows it
    if not seat.may(action):
        raise PermissionDenied(_("Your role in %(place)s does not allow this.") % {"place": seat.municipality})
    return seat


def _seat(request: HttpRequest, slug: str) -> Seat:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # SignInRequiredMiddleware has seen to it
    memberships = list(
        Membership.objects.filter(user=user).select_related("municipality").order_by("municipality__name")
    )
    for membership in memberships:
        if membership.municipality.slug == slug:
            return Seat(user, membership, tuple(m for m in memberships if m != membership))
    raise Http404


def read(request: HttpRequest, slug: str) -> Seat:
    """See pages and take exports."""
    return enter(request, slug, Action.READ)


def contacts(request: HttpRequest, slug: str) -> Seat:
    """See how people of the coalition are reached, and take that along."""
    return enter(request, slug, Action.CONTACTS)


def contribute(request: HttpRequest, slug: str) -> Seat:
    """Answer steps, judge conditions, write sections, keep the roster."""
    return enter(request, slug, Action.CONTRIBUTE)


def determine(request: HttpRequest, slug: str) -> Seat:
    """Record leadership's determination."""
    return enter(request, slug, Action.DETERMINE)


def approve(request: HttpRequest, slug: str) -> Seat:
    """Approve a section of the plan, or hand it back."""
    return enter(request, slug, Action.APPROVE)


def administer(request: HttpRequest, slug: str) -> Seat:
    """Change the policy, invite people, start a round."""
    return enter(request, slug, Action.ADMINISTER)
