"""The coalition: partners and the request to each, working groups and their meetings, the good partner self-check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from coalition.models import Partner, Person
from coalition.services import (
    add_follow_up,
    add_group,
    add_meeting,
    add_partner,
    answer_self_check,
    change_partner,
    give_chair,
    join_group,
    log_contact,
    take_attendance,
)
from mobility_planning.demo_data.clock import at_work, moments, working_day
from mobility_planning.demo_data.town import Town
from municipalities.records import noted


def gather_coalition(town: Town) -> None:
    """Partners, somebody at each, the request and its log; dates are told in days from today."""
    told = town.data["coalition"]
    for about, at in zip(told, moments(len(told), town.start, town.ago(3)), strict=True):
        _gather(town, town.dated(about, "asked_on", "follow_up_on"), at)


def _gather(town: Town, values: dict[str, Any], at: datetime) -> None:
    place, by = town.place, town.advocate
    person, contacts = values.pop("person", None), values.pop("contacts", ())
    for several in ("pillars", "levers"):
        values[several] = tuple(values.get(several, ()))
    asked = {name: values.pop(name) for name in ("status", "asked_on") if "asked_on" in values}
    with noted(at=at):
        row = add_partner(municipality=place, values=values, person=person, by=by)
    if asked:
        with noted(at=at_work(asked["asked_on"])):
            change_partner(municipality=place, pk=row.pk, seen=1, values=asked, by=by)
    for said in contacts:
        line = town.dated(said, "on")
        with noted(at=at_work(line["on"])):
            log_contact(municipality=place, partner=row.pk, values=line, by=by)


def meet(town: Town) -> None:
    """Working groups with their members, and meetings with who came and what follows."""
    people = {person.name: person.pk for person in Person.objects.of(town.place)}
    groups = {told["name"]: _form(town, told, people) for told in town.data.get("groups", [])}
    for told in town.data.get("meetings", []):
        _hold(town, told, groups.get(told.get("group", "")), people)


def _form(town: Town, told: Mapping[str, Any], people: Mapping[str, int]) -> int:
    place, by = town.place, town.advocate
    about = {name: value for name, value in told.items() if name not in ("members", "chair")}
    with noted(at=at_work(town.ago(30))):
        group: int = add_group(municipality=place, values=about, by=by).pk
        seats = [join_group(municipality=place, group=group, person=people[name], by=by) for name in told["members"]]
        give_chair(municipality=place, pk=seats[told["members"].index(told["chair"])].pk, by=by)
    return group


def _hold(town: Town, told: Mapping[str, Any], group: int | None, people: Mapping[str, int]) -> None:
    place, by = town.place, town.advocate
    values = {**told, "on": working_day(town.ahead(told["on"]))}
    values.pop("group", None)
    came, follow_ups = values.pop("came", ()), values.pop("follow_ups", ())
    known = {people[name] for name in came if name in people}
    guests = [name for name in came if name not in people]
    with noted(at=at_work(min(values["on"], town.ago(1)))):
        row = add_meeting(municipality=place, group=group, values=values, by=by)
        take_attendance(municipality=place, meeting=row.pk, shown=known, present=known, guests=guests, by=by)
        for task in follow_ups:
            add_follow_up(municipality=place, meeting=row.pk, values=town.dated(task, "due"), by=by)


def check_ourselves(town: Town) -> None:
    """How good a partner the town is: towards all, and towards one."""
    for kept in town.data.get("good_partner", []):
        partner = Partner.objects.filter(municipality=town.place, name=kept.get("partner")).first()
        answers = {key: {"note": "", **said} for key, said in kept["answers"].items()}
        seen = dict.fromkeys(answers, 0)
        with noted(at=at_work(town.ago(4))):
            answer_self_check(municipality=town.place, partner=partner, seen=seen, values=answers, by=town.advocate)
