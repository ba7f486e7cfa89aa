"""The staff pulse."""

from collections.abc import Mapping

from mobility_planning.demo_data.clock import at_work
from mobility_planning.demo_data.town import Town
from pulse.instrument import Instrument
from pulse.models import Survey
from pulse.services import answer


def ask_staff(town: Town) -> None:
    """A closed staff pulse, and one that has just been opened."""
    told = town.data.get("pulse")
    if told is None:
        return
    opened = at_work(town.ago(told["opened"]))
    past = Survey.objects.create(municipality=town.place, opened_by=town.advocate, opened_at=opened)
    for group, lies in told["groups"].items():
        for person in range(lies["people"]):
            answer(survey=past, group=group, choices=_choices(past.instrument, lies, person))
    past.closed_at, past.closed_by = at_work(town.ago(told["closed"])), town.advocate
    past.save()
    Survey.objects.create(municipality=town.place, opened_by=town.advocate, opened_at=at_work(town.ago(2)))


def _choices(tool: Instrument, lies: Mapping[str, float], person: int) -> dict[str, int]:
    """One person's answers around where their group's lie; people differ, the same each time."""
    shift = (-1.2, -0.5, 0, 0.4, 0.9)
    return {
        s.key: min(5, max(1, round(lies[s.scale] + shift[(person * 3 + place) % 5])))
        for place, s in enumerate(tool.statements)
    }
