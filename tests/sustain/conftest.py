"""A plan with one measure of each state, and what its report and its note are tried with."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from coalition.models import Partner
from municipalities.entries import add_entry
from strategy import services
from strategy.models import Measure, Part, StrategicAction
from sustain.models import AnnualReport, Win
from sustain.services import begin_report
from tests import factories
from tests.conftest import Cast

FIRST, LAST = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)


@dataclass(frozen=True)
class Planned:
    """An action of the only priority and its measures by state."""

    action: StrategicAction
    good: Measure
    behind: Measure
    bare: Measure


def measure(cast: Cast, item: int, name: str, *values: tuple[str, int]) -> Measure:
    """From 0 at the beginning of 2025 to 100 a hundred weeks later, with values by their days."""
    about: dict[str, Any] = {
        "name": name,
        "unit": "homes",
        "better": "up",
        "baseline": Decimal(0),
        "baseline_on": FIRST,
        "target": Decimal(100),
        "target_on": FIRST + datetime.timedelta(weeks=100),
    }
    row = services.add_measure(municipality=cast.larkspur, item=item, values=about, by=cast.ana)
    for on, value in values:
        said = {"on": datetime.date.fromisoformat(on), "value": Decimal(value)}
        services.add_progress(municipality=cast.larkspur, measure=row.pk, values=said, by=cast.ana)
    return row


@pytest.fixture
def planned(cast: Cast) -> Planned:
    place, by = cast.larkspur, cast.ana
    priority = services.add_priority(municipality=place, values={"title": "Homes", "goal": "Fewer moves"}, by=by)
    dates = {"starts_on": datetime.date(2025, 3, 1), "ends_on": datetime.date(2027, 3, 1)}
    values = {"title": "Settle debts", "priority_id": priority.pk, "lead": "ben@larkspur.example", **dates}
    action = services.add_action(municipality=place, values=values, by=by)
    [line] = services.add_items(municipality=place, action=action.pk, part=Part.OUTPUT, texts=["Homes kept"], by=by)
    return Planned(
        action,
        good=measure(cast, line.pk, "Homes kept", ("2025-06-01", 50), ("2026-02-01", 1)),
        behind=measure(cast, line.pk, "Homes repaired", ("2025-06-01", 1)),
        bare=measure(cast, line.pk, "Homes built"),
    )


@pytest.fixture
def partner(cast: Cast) -> Partner:
    return factories.partner(cast.larkspur, name="Housing Trust", listed=True)


def log(cast: Cast, **values: object) -> Win:
    """A win of 2025 that may be told."""
    about = {"what": "A hotline answers", "on": datetime.date(2025, 5, 4), "public": True, **values}
    return add_entry(Win, municipality=cast.larkspur, values=about, by=cast.ana)


@pytest.fixture
def report(cast: Cast) -> AnnualReport:
    values = {"starts_on": FIRST, "ends_on": LAST, "summary": "A **good** year."}
    return begin_report(municipality=cast.larkspur, values=values, by=cast.ana)
