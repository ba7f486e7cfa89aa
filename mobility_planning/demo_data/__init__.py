"""
The made-up municipalities of `towns/*.toml`, written as if their people had worked since the first day.

Every write is put down to a person and a working hour, so that history and news have something to tell.
"""

from django.db import transaction

from accounts.letters import quiet
from mobility_planning.demo_data.afterwards import hand_on, note_wins, prepare, prepare_launch
from mobility_planning.demo_data.checklist import assess, read_alone
from mobility_planning.demo_data.clock import moments, working_day
from mobility_planning.demo_data.coalition import check_ourselves, gather_coalition, meet
from mobility_planning.demo_data.plan import accept_gaps, talk, write_plan
from mobility_planning.demo_data.released import release_plan
from mobility_planning.demo_data.strategy import find_out, measure_on, plan_actions
from mobility_planning.demo_data.survey import ask_staff
from mobility_planning.demo_data.town import PASSWORD, Town, load
from municipalities.models import Membership, Municipality

__all__ = ["PASSWORD", "TOWNS", "load", "moments", "seed", "sign_ins", "working_day"]

TOWNS = ("larkspur", "fairmont")
# What each part needs is written before it.
PARTS = (
    ask_staff,
    assess,
    gather_coalition,
    meet,
    find_out,
    plan_actions,
    accept_gaps,
    check_ourselves,
    read_alone,
    prepare,
    prepare_launch,
    write_plan,
    talk,
    release_plan,
    measure_on,
    note_wins,
    hand_on,
)


@transaction.atomic
def seed(slug: str) -> bool:
    """Write the town of that name; where it is there already, nothing is touched and the answer is False."""
    if Municipality.objects.filter(slug=slug).exists():
        return False
    with quiet():
        town = Town(load(slug))
        for write in PARTS:
            write(town)
    return True


def sign_ins(slug: str) -> list[Membership]:
    """The demo's people who belong to the town still, in the order of its file."""
    emails = [person["email"] for person in load(slug)["people"]]
    members = Membership.objects.filter(municipality__slug=slug, user__email__in=emails).select_related("user")
    return sorted(members, key=lambda member: emails.index(member.user.email))
