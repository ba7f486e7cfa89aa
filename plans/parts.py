"""All that a plan is made of, as it was read: what its document and its data are composed from."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coalition.queries import Coverage, Roster
from findings.queries import Base
from plans.export.document import Picture
from plans.models import Plan, Section
from plans.rules.progress import Progress
from preparedness.queries import ActionLine
from readiness.queries import Assessment
from strategy.queries import Strategy

_ADDRESS = re.compile(r"[<(]?[^\s<>()@]+@[^\s<>()@]+[>)]?")


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
        """An e-mail address is not for the public: a member's name stands for theirs, nothing for anybody else's."""
        known = self.people.get(typed.strip().lower())
        return _ADDRESS.sub("", typed).strip() if known is None else known
