"""What stands below the text of a section, kept on other pages: an approval remembers it by its digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from findings import queries as findings
from findings.queries import Base
from municipalities.models import Municipality
from plans.data import base_data, priority_data
from plans.models import Section, SectionStatus
from strategy import queries as strategy
from strategy.queries import Strategy

# What goes on after the plan is approved: measuring is no change of the plan.
MEASURED = ("state", "values")


def digests(base: Base, told: Strategy) -> dict[str, str]:
    """SHA-256 in hexadecimal of what is below each section that has anything of the kind, by the section's key."""
    priorities = [priority_data(view, str) for view in told.priorities]
    lines = [line for one in priorities for action in one["actions"] for line in action["logic"]]
    measures = [(line["id"], [_planned(measure) for measure in line.pop("measures")]) for line in lines]
    rests = base_data(base)
    parts = {
        "findings": (rests["findings"], rests["sources"]),
        "engagement": rests["engagements"],
        "actions": priorities,
        "measurement": measures,
    }
    return {key: _digest(part) for key, part in parts.items()}


def current(municipality: Municipality) -> dict[str, str]:
    """The digests of what is there now."""
    today = timezone.localdate()
    base = findings.base(municipality, today)
    return digests(base, strategy.strategy(municipality, today, base.stated))


def changed(row: Section, now: Mapping[str, str]) -> bool:
    """Whether what is below an approved section is not what was approved with it."""
    return row.status == SectionStatus.APPROVED and row.approved_as not in ("", now.get(row.key, ""))


def _planned(measure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in measure.items() if name not in MEASURED}


def _digest(part: object) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
