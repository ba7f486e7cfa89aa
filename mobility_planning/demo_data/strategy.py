"""What the plan rests on, and what it sets out to do: findings, priorities, actions, logic models and measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from coalition.models import Partner
from findings.models import Engagement, Finding, Source
from mobility_planning.demo_data.clock import at_work
from mobility_planning.demo_data.town import Town
from municipalities.entries import add_entry
from municipalities.records import noted
from strategy.models import Measure, Part
from strategy.services import add_action, add_items, add_measure, add_priority, add_progress, set_partner


def find_out(town: Town) -> None:
    """What the plan rests on; findings name their data and engagement by title."""
    place, by, told = town.place, town.advocate, town.data.get("rests_on", {})
    known: dict[str, str] = {}
    for kind, name in ((Source, "data"), (Engagement, "engagement")):
        for values in told.get(name, []):
            with noted(at=at_work(town.ago(20))):
                row = add_entry(kind, municipality=place, values=town.dated(values, "on", "reported_on"), by=by)
            known[str(row)] = str(row.pk)
    for values in told.get("findings", []):
        linked = {key: tuple(known[title] for title in values.get(key, ())) for key in ("sources", "engagements")}
        with noted(at=at_work(town.ago(19))):
            add_entry(Finding, municipality=place, values={**values, **linked}, by=by)


def plan_actions(town: Town) -> None:
    """Priorities with their actions, logic models and measures."""
    known = _Known.of(town)
    with noted(at=at_work(town.ago(18))):
        for told in town.data.get("priorities", []):
            values = {"title": told["title"], "goal": told["goal"]}
            priority = add_priority(municipality=town.place, values=values, by=town.advocate)
            for action in told.get("actions", []):
                _plan_action(town, priority.pk, action, known)


@dataclass(frozen=True)
class _Known:
    """Findings and partners by the words that the file calls them by."""

    findings: Mapping[str, str]
    partners: Mapping[str, int]

    @classmethod
    def of(cls, town: Town) -> "_Known":
        return cls(
            {row.text: str(row.pk) for row in Finding.objects.of(town.place)},
            {row.name: row.pk for row in Partner.objects.filter(municipality=town.place)},
        )


def _plan_action(town: Town, priority: int, told: Mapping[str, Any], known: _Known) -> None:
    place, by = town.place, town.advocate
    values = town.dated(told, "starts_on", "ends_on")
    with_whom, logic = values.pop("partners", []), values.pop("logic", [])
    values["findings"] = tuple(sorted(known.findings[text] for text in values.get("findings", [])))
    values["systems"] = tuple(values.get("systems", []))
    action = add_action(municipality=place, values={**values, "priority_id": priority}, by=by)
    for name in with_whom:
        set_partner(municipality=place, action=action.pk, partner=known.partners[name], joins=True, by=by)
    for line in logic:
        texts = [line["text"]]
        [item] = add_items(municipality=place, action=action.pk, part=Part(line["part"]), texts=texts, by=by)
        for measured in line.get("measures", []):
            _measure(town, item.pk, measured)


def _measure(town: Town, item: int, told: Mapping[str, Any]) -> None:
    place, by = town.place, town.advocate
    values = town.dated(told, "baseline_on", "target_on")
    values |= {key: Decimal(str(told[key])) for key in ("baseline", "target")}
    entries = values.pop("progress", [])
    measure = add_measure(municipality=place, item=item, values=values, by=by)
    for entry in entries:
        add_progress(municipality=place, measure=measure.pk, values=_valued(town, entry), by=by)


def measure_on(town: Town) -> None:
    """What was measured since the plan was released."""
    for told in town.data.get("progress", []):
        values = _valued(town, told)
        by = town.people[values.pop("by")]
        measure = Measure.objects.get(municipality=town.place, name=values.pop("measure"))
        with noted(at=at_work(values["on"])):
            add_progress(municipality=town.place, measure=measure.pk, values=values, by=by)


def _valued(town: Town, told: Mapping[str, Any]) -> dict[str, Any]:
    return {**town.dated(told, "on"), "value": Decimal(str(told["value"]))}
