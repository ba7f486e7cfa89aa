"""All that a plan is made of, as it was read: what its document and its data are composed from."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coalition.queries import Coverage, Roster
from findings.queries import Base
from municipalities.rules.text import without_address
from plans.export.document import Picture
from plans.models import Plan, Section
from plans.rules.progress import Progress
from preparedness.queries import ActionLine
from readiness.queries import Assessment
from strategy.queries import Strategy


@dataclass(frozen=True)
class Parts:
    """
    The rows and readings of all apps.

    `sections` stand in order; `people` names those whose e-mail address stands as an owner; `changed` is the newest
    change of all that is shown; `pictures` are those that the texts may show.
    """

    plan: Plan
    sections: Sequence[Section]
    progress: Progress
    assessment: Assessment
    roster: Roster
    coverage: Coverage
    actions: Sequence[ActionLine]
    base: Base
    strategy: Strategy
    people: Mapping[str, str]
    changed: datetime.datetime
    pictures: Mapping[int, Picture]

    def owner(self, typed: str) -> str:
        """Somebody as the public may read of them."""
        return without_address(typed, self.people)
