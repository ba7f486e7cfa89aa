"""
The made-up municipalities of `demo/*.toml`, written as if their people had worked since the first day.

Every write is put down to a person and a working hour, so that history and news have something to tell.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.letters import quiet
from accounts.models import User
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
from comments.services import post, set_resolved
from documents.markdown import blocks
from findings.models import Engagement, Finding, Source
from launch.queries import launch_kit
from launch.services import write_facts, write_part
from mobility_planning.services import found
from municipalities.entries import add_entry
from municipalities.models import Membership, Municipality, Role
from municipalities.records import Record, add, noted, overwrite
from plans import discussion
from plans.models import Section
from plans.rules.progress import Status
from plans.services import accept, comment, move_section, return_section, write_section
from preparedness.services import add_action as add_preparing_action
from pulse.instrument import Instrument as PulseInstrument
from pulse.models import Survey
from pulse.services import answer
from readiness.instrument import Step
from readiness.models import ConditionAnswer, Evidence, Round, StepAnswer, StepStatus
from readiness.services import Decision, record_determination
from readings.models import Reading
from strategy.models import Part, StrategicAction
from strategy.services import add_action, add_items, add_measure, add_priority, add_progress, set_partner
from sustain.models import Win
from sustain.rules.years import proposed
from sustain.services import begin_report, write_handover

TOWNS = ("larkspur", "fairmont")
PASSWORD = "upward-mobility-demo"  # noqa: S105  # the demo's own, shown to everybody
YOUNGEST = timedelta(days=60)
NEWS_DAYS = 6


def load(slug: str) -> dict[str, Any]:
    """A town as its file tells it; raises FileNotFoundError."""
    return tomllib.loads((Path(__file__).parent / "demo" / f"{slug}.toml").read_text("utf-8"))


@transaction.atomic
def seed(slug: str) -> bool:
    """Write the town of that name; where it is there already, nothing is touched and the answer is False."""
    if Municipality.objects.filter(slug=slug).exists():
        return False
    with quiet():
        _Town(load(slug)).write()
    return True


def sign_ins(slug: str) -> list[Membership]:
    """The demo's people who belong to the town still, in the order of its file."""
    emails = [person["email"] for person in load(slug)["people"]]
    members = Membership.objects.filter(municipality__slug=slug, user__email__in=emails).select_related("user")
    return sorted(members, key=lambda member: emails.index(member.user.email))


def working_day(day: date) -> date:
    """That day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def moments(count: int, start: date, end: date) -> list[datetime]:
    """So many moments from `start` to `end`, evenly spread, each in working hours."""
    length = (end - start).days
    days = [start + timedelta(days=length * n // max(1, count - 1)) for n in range(count)]
    return [_at(day, n) for n, day in enumerate(days)]


def _at(day: date, n: int = 0) -> datetime:
    hour = time(9 + n * 3 % 8, n * 17 % 60)
    return datetime.combine(working_day(day), hour, timezone.get_current_timezone())


def _before(text: str, changes: Mapping[str, str]) -> str:
    """An earlier text: what stands in `text` now beside what stood there."""
    for now, then in changes.items():
        text = text.replace(now, then)
    return text


@dataclass(frozen=True)
class _Write:
    row: Record
    by: User
    values: Mapping[str, object]
    evidence: str = ""


def _carry_out(writes: Iterable[_Write], times: Iterable[datetime]) -> None:
    for write, at in zip(writes, times, strict=True):
        with noted(at=at):
            overwrite(write.row, by=write.by, **write.values)
            if write.evidence and isinstance(write.row, StepAnswer):
                add(Evidence(step=write.row, text=write.evidence, added_by=write.by, added_at=at), by=write.by)


def _choices(tool: PulseInstrument, lies: Mapping[str, float], person: int) -> dict[str, int]:
    """One person's answers around where their group's lie; people differ, the same each time."""
    shift = (-1.2, -0.5, 0, 0.4, 0.9)
    return {
        s.key: min(5, max(1, round(lies[s.scale] + shift[(person * 3 + place) % 5])))
        for place, s in enumerate(tool.statements)
    }


class _Town:
    """One town's file on its way into the tables; it is always some weeks old, whatever the clock says."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.today = timezone.localdate()
        self.start = working_day(min(data["started_on"], self.today - YOUNGEST))
        self.password = make_password(PASSWORD)
        self.people = {person["email"]: self._person(person) for person in data["people"]}
        self.advocate = self._first(Role.ADVOCATE)

    def write(self) -> None:
        self._found()
        if "pulse" in self.data:
            self._ask(self.data["pulse"])
        answers = self._answers()
        _carry_out(answers, self._round_times(len(answers)))
        if "determination" in self.data:
            self._decide(self.data["determination"])
        self._gather_coalition()
        self._meet()
        self._find_out()
        self._plan_actions()
        self._accept()
        self._check_ourselves()
        self._read_alone()
        self._act()
        self._prepare_launch()
        self._write_plan()
        self._talk()
        self._sustain()

    def _person(self, person: Mapping[str, str]) -> User:
        new = {"name": person["name"], "password": self.password, "date_joined": _at(self.start)}
        return User.objects.get_or_create(email=person["email"], defaults=new)[0]

    def _first(self, role: Role, *, besides: User | None = None) -> User:
        found = (self.people[p["email"]] for p in self.data["people"] if p["role"] == role)
        return next(user for user in found if user != besides)

    def _found(self) -> None:
        named = {name: self.data[name] for name in ("slug", "name", "state")}
        with noted(at=_at(self.start)):
            self.place = found(**named, by=self.advocate)
            for p in self.data["people"]:
                seat = Membership(
                    municipality=self.place,
                    user=self.people[p["email"]],
                    role=p["role"],
                    title=p["title"],
                )
                add(seat, by=self.advocate)
        self.round = Round.objects.of(self.place).get()
        Round.objects.of(self.place).update(started_at=_at(self.start))

    def _answers(self) -> list[_Write]:
        """What is settled comes first, so that the latest news is about what is still to do."""
        steps = {row.key: row for row in StepAnswer.objects.of(self.round)}
        conditions = {row.key: row for row in ConditionAnswer.objects.of(self.round)}
        writes = [self._step(steps[key], answer) for key, answer in self.data["answers"].items()]
        writes += [
            _Write(conditions[key], self._author(key), answer) for key, answer in self.data["conditions"].items()
        ]
        open_ = (StepStatus.NOT_YET, StepStatus.UNDER_WAY)
        return sorted(writes, key=lambda write: write.values.get("status") in open_)

    def _step(self, row: StepAnswer, answer: Mapping[str, Any]) -> _Write:
        values = {name: value for name, value in answer.items() if name not in ("by", "evidence")}
        return _Write(row, self.people[answer["by"]], values, answer.get("evidence", ""))

    def _author(self, condition: str) -> User:
        """Who answered the condition's first step writes the condition's own answer too."""
        steps: tuple[Step, ...] = self.round.instrument.by_key[condition].steps
        by = next((self.data["answers"][s.key]["by"] for s in steps if s.key in self.data["answers"]), None)
        return self.people[by] if by else self.advocate

    def _round_times(self, count: int) -> list[datetime]:
        if "determination" in self.data:
            return moments(count, self.start, self._decided_on() - timedelta(days=1))
        news = moments(NEWS_DAYS, self._ago(NEWS_DAYS), self._ago(1))
        return moments(count - NEWS_DAYS, self.start, self._ago(8)) + news

    def _ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _in(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _decided_on(self) -> date:
        day: date = self.data["determination"]["decided_on"]
        return min(day, self._ago(1))

    def _decide(self, told: Mapping[str, Any]) -> None:
        leader = self.people[told["by"]]
        decision = Decision(told["verdict"], told["rationale"], leader.name, told["title"], self._decided_on())
        with noted(at=datetime.combine(self._decided_on(), time(16, 30), timezone.get_current_timezone())):
            record_determination(round_=self.round, decision=decision, by=leader)

    def _gather_coalition(self) -> None:
        """Partners, somebody at each, the request and its log; dates are told in days from today."""
        told = self.data["coalition"]
        for about, at in zip(told, moments(len(told), self.start, self._ago(3)), strict=True):
            values = {
                **about,
                **{name: self._in(about[name]) for name in ("asked_on", "follow_up_on") if name in about},
            }
            person, contacts = values.pop("person", None), values.pop("contacts", ())
            for several in ("pillars", "levers"):
                values[several] = tuple(values.get(several, ()))
            asked = {name: values.pop(name) for name in ("status", "asked_on") if "asked_on" in about}
            with noted(at=at):
                row = add_partner(municipality=self.place, values=values, person=person, by=self.advocate)
            if asked:
                with noted(at=_at(asked["asked_on"])):
                    change_partner(municipality=self.place, pk=row.pk, seen=1, values=asked, by=self.advocate)
            for said in contacts:
                with noted(at=_at(self._in(said["on"]))):
                    line = {**said, "on": self._in(said["on"])}
                    log_contact(municipality=self.place, partner=row.pk, values=line, by=self.advocate)

    def _meet(self) -> None:
        """Working groups with their members, and meetings with who came and what follows."""
        place, by = self.place, self.advocate
        people = {person.name: person.pk for person in Person.objects.of(place)}
        groups: dict[str, int] = {}
        for told in self.data.get("groups", []):
            about = {name: value for name, value in told.items() if name not in ("members", "chair")}
            with noted(at=_at(self._ago(30))):
                group = add_group(municipality=place, values=about, by=by)
                groups[group.name] = group.pk
                seats = [
                    join_group(municipality=place, group=group.pk, person=people[name], by=by)
                    for name in told["members"]
                ]
                give_chair(municipality=place, pk=seats[told["members"].index(told["chair"])].pk, by=by)
        for told in self.data.get("meetings", []):
            values = {**told, "on": working_day(self._in(told["on"]))}
            came, follow_ups = values.pop("came", ()), values.pop("follow_ups", ())
            with noted(at=_at(min(values["on"], self._ago(1)))):
                row = add_meeting(municipality=place, group=groups.get(values.pop("group", "")), values=values, by=by)
                known = {people[name] for name in came if name in people}
                take_attendance(
                    municipality=place,
                    meeting=row.pk,
                    shown=known,
                    present=known,
                    guests=[name for name in came if name not in people],
                    by=by,
                )
                for task in follow_ups:
                    due = {**task, "due": self._in(task["due"])}
                    add_follow_up(municipality=place, meeting=row.pk, values=due, by=by)

    def _find_out(self) -> None:
        """What the plan rests on; findings name their data and engagement by title."""
        place, by, told = self.place, self.advocate, self.data.get("rests_on", {})
        known: dict[str, str] = {}
        for kind, name, rows in ((Source, "data", ()), (Engagement, "engagement", ("on", "reported_on"))):
            for values in told.get(name, []):
                dated = {**values, **{key: self._in(values[key]) for key in rows if key in values}}
                with noted(at=_at(self._ago(20))):
                    row = add_entry(kind, municipality=place, values=dated, by=by)
                known[str(row)] = str(row.pk)
        for values in told.get("findings", []):
            linked = {key: tuple(known[title] for title in values.get(key, ())) for key in ("sources", "engagements")}
            with noted(at=_at(self._ago(9))):
                add_entry(Finding, municipality=place, values={**values, **linked}, by=by)

    def _plan_actions(self) -> None:
        """Priorities with their actions, logic models and measures; findings and partners are named by their words."""
        place, by = self.place, self.advocate
        findings = {row.text: str(row.pk) for row in Finding.objects.of(place)}
        partners = {row.name: row.pk for row in Partner.objects.filter(municipality=place)}
        with noted(at=_at(self._ago(8))):
            for told in self.data.get("priorities", []):
                values = {"title": told["title"], "goal": told["goal"]}
                priority = add_priority(municipality=place, values=values, by=by)
                for action in told.get("actions", []):
                    self._plan_action(priority.pk, dict(action), findings, partners)

    def _plan_action(
        self, priority: int, told: dict[str, Any], findings: dict[str, str], partners: dict[str, int]
    ) -> None:
        place, by = self.place, self.advocate
        with_whom, logic = told.pop("partners", []), told.pop("logic", [])
        told["findings"] = tuple(sorted(findings[text] for text in told.get("findings", [])))
        told["systems"] = tuple(told.get("systems", []))
        told |= {key: self._in(told[key]) for key in ("starts_on", "ends_on")}
        action = add_action(municipality=place, values={**told, "priority_id": priority}, by=by)
        for name in with_whom:
            set_partner(municipality=place, action=action.pk, partner=partners[name], joins=True, by=by)
        for line in logic:
            [item] = add_items(
                municipality=place, action=action.pk, part=Part(line["part"]), texts=[line["text"]], by=by
            )
            for measured in line.get("measures", []):
                values = {**measured, **{key: Decimal(str(measured[key])) for key in ("baseline", "target")}}
                values |= {key: self._in(measured[key]) for key in ("baseline_on", "target_on")}
                entries = values.pop("progress", [])
                measure = add_measure(municipality=place, item=item.pk, values=values, by=by)
                for entry in entries:
                    known = {**entry, "on": self._in(entry["on"]), "value": Decimal(str(entry["value"]))}
                    add_progress(municipality=place, measure=measure.pk, values=known, by=by)

    def _accept(self) -> None:
        """What the plan lacks and the team leaves as it is; `of` is the title of the action that lacks it."""
        for told in self.data.get("accepted", []):
            action = StrategicAction.objects.get(municipality=self.place, title=told["of"])
            with noted(at=_at(self._ago(3))):
                accept(
                    municipality=self.place,
                    code=told["code"],
                    subject=f"action-{action.pk}",
                    reason=told["reason"],
                    by=self.advocate,
                )

    def _check_ourselves(self) -> None:
        """How good a partner the town is: towards all, and towards one."""
        for kept in self.data.get("good_partner", []):
            partner = Partner.objects.filter(municipality=self.place, name=kept.get("partner")).first()
            answers = {key: {"note": "", **said} for key, said in kept["answers"].items()}
            with noted(at=_at(self._ago(4))):
                answer_self_check(
                    municipality=self.place,
                    partner=partner,
                    seen=dict.fromkeys(answers, 0),
                    values=answers,
                    by=self.advocate,
                )

    def _act(self) -> None:
        """The preparedness plan; its dates are told in days from today."""
        told = self.data.get("actions", [])
        for action, at in zip(told, moments(len(told), self.start, self._ago(2)), strict=True):
            values = {**action, "due": self.today + timedelta(days=action["due"]), "begun_at": at}
            by = self.people[values.pop("by")]
            with noted(at=at):
                add_preparing_action(municipality=self.place, values=values, by=by)

    def _ask(self, told: Mapping[str, Any]) -> None:
        """A closed staff pulse, and one that has just been opened."""
        past = Survey.objects.create(
            municipality=self.place, opened_by=self.advocate, opened_at=_at(self._ago(told["opened"]))
        )
        for group, lies in told["groups"].items():
            for person in range(lies["people"]):
                answer(survey=past, group=group, choices=_choices(past.instrument, lies, person))
        past.closed_at, past.closed_by = _at(self._ago(told["closed"])), self.advocate
        past.save()
        Survey.objects.create(municipality=self.place, opened_by=self.advocate, opened_at=_at(self._ago(2)))

    def _read_alone(self) -> None:
        told = self.data.get("readings", [])
        steps = {row.key: [row.status, ""] for row in StepAnswer.objects.of(self.round) if row.status}
        for read, at in zip(told, moments(len(told), self._ago(16), self._ago(9)), strict=True):
            by = self.people[read["by"]]
            with noted(at=at):
                answers = {**steps, **read["differs"]}
                add(Reading(round=self.round, user=by, answers=answers, done=read["done"]), by=by)

    def _talk(self) -> None:
        told = self.data.get("comments", [])
        for said, at in zip(told, moments(len(told), self._ago(20), self._ago(2)), strict=True):
            by = self.people[said["by"]]
            with noted(at=at):
                subject = self._said_on_plan(said, by) if "section" in said else self._said_on_step(said, by)
                if said.get("resolved"):
                    set_resolved(municipality=self.place, subject=subject, resolved=True, by=by)

    def _said_on_step(self, said: Mapping[str, Any], by: User) -> str:
        subject = f"round-1/{said['key']}"
        post(municipality=self.place, subject=subject, text=said["text"], by=by, link="")
        return subject

    def _said_on_plan(self, said: Mapping[str, Any], by: User) -> str:
        """About the paragraph that begins so, or about the whole section."""
        section = Section.objects.get(plan__municipality=self.place, key=said["section"])
        words = {
            words.partition(" ")[2]: known_as
            for known_as, words in discussion.choices(blocks(section.body, base_level=2))
        }
        known_as = next((words[one] for one in words if one.startswith(said["on"])), "") if "on" in said else ""
        return discussion.subject(
            comment(municipality=self.place, key=section.key, known_as=known_as, text=said["text"], by=by)
        )

    def _prepare_launch(self) -> None:
        told = dict(self.data["launch"])
        parts = told.pop("parts", {})
        with noted(at=_at(self._ago(2))):
            write_facts(municipality=self.place, seen=1, values=told, by=self.advocate)
            for key, text in parts.items():
                drafted = launch_kit(self.place).part(key).draft
                write_part(municipality=self.place, key=key, seen=0, text=text, drafted=drafted, by=self.advocate)

    def _write_plan(self) -> None:
        told = self.data["sections"]
        for (key, section), at in zip(told.items(), moments(len(told), self.start, self._ago(2)), strict=True):
            self._write_section(key, section, at)

    def _write_section(self, key: str, told: Mapping[str, Any], at: datetime) -> None:
        """Its owner writes it after the `drafts` of others and asks for review; another of leadership approves it."""
        owner, reached = self.people[told["owner"]], Status(told["status"])
        body = told["body"].strip()
        drafts = [(draft["by"], _before(body, draft["before"]), draft["days"]) for draft in told.get("drafts", [])]
        for by, text, days in drafts:
            self._write(key, {"body": text}, self.people[by], _at(at.date() - timedelta(days=days), days))
        self._write(key, {"body": body, "owner_id": owner.pk, "due": told.get("due")}, owner, at)
        if "returned" in told:
            self._return(key, told["returned"], owner, at)
        if reached in (Status.IN_REVIEW, Status.APPROVED):
            self._move(key, Status.IN_REVIEW, owner, at)
        if reached is Status.APPROVED:
            self._move(key, reached, self._first(Role.LEADERSHIP, besides=owner), at + timedelta(hours=2))

    def _write(self, key: str, values: Mapping[str, Any], by: User, at: datetime) -> None:
        seen = Section.objects.get(plan__municipality=self.place, key=key).version
        with noted(at=at):
            write_section(municipality=self.place, key=key, seen=seen, values=values, by=by)

    def _return(self, key: str, comment: str, owner: User, at: datetime) -> None:
        """It was sent for review, and leadership has something to say."""
        self._move(key, Status.IN_REVIEW, owner, at)
        leader = self._first(Role.LEADERSHIP, besides=owner)
        seen = Section.objects.get(plan__municipality=self.place, key=key).version
        with noted(at=at + timedelta(hours=2)):
            return_section(municipality=self.place, key=key, seen=seen, comment=comment, by=leader)

    def _move(self, key: str, status: Status, by: User, at: datetime) -> None:
        row = Section.objects.get(plan__municipality=self.place, key=key)
        with noted(at=at):
            move_section(municipality=self.place, key=key, seen=row.version, status=status, by=by, approves=True)

    def _sustain(self) -> None:
        """Early wins, which name partners and actions by their words, and the texts of a report and a handover."""
        place, by = self.place, self.advocate
        partners = {row.name: str(row.pk) for row in Partner.objects.filter(municipality=place)}
        actions = dict(StrategicAction.objects.filter(municipality=place).values_list("title", "pk"))
        for told in self.data.get("wins", []):
            values = {**told, "on": self._in(told["on"])}
            values["partners"] = tuple(sorted(partners[name] for name in told.get("partners", [])))
            if "action" in values:
                values["action_id"] = actions[values.pop("action")]
            with noted(at=_at(min(values["on"], self._ago(1)))):
                add_entry(Win, municipality=place, values=values, by=by)
        with noted(at=_at(self._ago(1))):
            if "report" in self.data:
                first, last = proposed(None, self.today)
                begun = {"starts_on": first, "ends_on": last, **self.data["report"]}
                begin_report(municipality=place, values=begun, by=by)
            if "handover" in self.data:
                write_handover(municipality=place, seen=1, values=self.data["handover"], by=by)
