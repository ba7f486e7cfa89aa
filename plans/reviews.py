"""Who is there to write and to approve, and how an open review stands for the person who looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from municipalities.access import ALLOWED, Action
from municipalities.models import Membership, Municipality, Role
from plans.models import Section
from plans.rules import progress as rules
from plans.rules.progress import Status


@dataclass(frozen=True)
class Teammate:
    """Somebody of the municipality, and whether they may approve (once they may sign in)."""

    pk: int
    name: str
    approves: bool


@dataclass(frozen=True)
class Review:
    """
    An open review as one person sees it: `own` says why they do not approve it themselves, if they are of leadership.

    `returns`: they may hand it back with a comment. `able`: who else can approve it as it stands, by name.
    `leaders`: how many are of leadership at all. `stuck`: nobody can approve it as it stands.
    """

    own: str
    returns: bool
    able: tuple[str, ...]
    leaders: int
    stuck: bool


def review_of(row: Section, person: User, team: Iterable[Teammate], *, approves: bool) -> Review | None:
    """The review of a section that waits for leadership; None where none does."""
    status = Status(row.status)
    if status is not Status.IN_REVIEW:
        return None
    own = row.own(person.pk) if approves else frozenset()
    leaders = [mate for mate in team if mate.approves]
    able = [mate for mate in leaders if not row.own(mate.pk)]
    return Review(
        own=next((why.value for why in rules.Own if why in own), ""),
        returns=rules.returns(status, Status.DRAFTING, approves=approves, own=own),
        able=tuple(mate.name for mate in able if mate.pk != person.pk),
        leaders=len(leaders),
        stuck=not able,
    )


def team_of(municipality: Municipality) -> tuple[Teammate, ...]:
    """Everybody of the municipality, by name, in one query."""
    found = Membership.objects.filter(municipality=municipality)
    columns = found.values_list("user_id", "user__name", "user__email", "role", "user__is_active")
    people = (
        Teammate(pk, name or email, active and Action.APPROVE in ALLOWED[Role(role)])
        for pk, name, email, role, active in columns
    )
    return tuple(sorted(people, key=lambda mate: mate.name.casefold()))


def owners(team: Iterable[Teammate], row: Section) -> list[tuple[int, str]]:
    """Who may own a section: everybody of the municipality, and whoever owns it already."""
    people = {mate.pk: mate.name for mate in team}
    if row.owner:
        people.setdefault(row.owner.pk, str(row.owner))
    return sorted(people.items(), key=lambda person: person[1].casefold())
