"""The readiness assessment: its answers, the determination, and what members read alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from mobility_planning.demo_data.clock import moments
from mobility_planning.demo_data.town import Town
from municipalities.records import Record, add, noted, overwrite
from readiness.instrument import Step
from readiness.models import ConditionAnswer, Evidence, StepAnswer, StepStatus
from readiness.services import Decision, record_determination
from readings.models import Reading

NEWS_DAYS = 6


def assess(town: Town) -> None:
    """Every answer at a moment of its own, then the determination, where the town has one."""
    answers = _answers(town)
    for write, at in zip(answers, _times(town, len(answers)), strict=True):
        with noted(at=at):
            overwrite(write.row, by=write.by, **write.values)
            if write.evidence and isinstance(write.row, StepAnswer):
                add(Evidence(step=write.row, text=write.evidence, added_by=write.by, added_at=at), by=write.by)
    if "determination" in town.data:
        _decide(town, town.data["determination"])


@dataclass(frozen=True)
class _Write:
    row: Record
    by: User
    values: Mapping[str, object]
    evidence: str = ""


def _answers(town: Town) -> list[_Write]:
    """What is settled comes first, so that the latest news is about what is still to do."""
    steps = {row.key: row for row in StepAnswer.objects.of(town.round)}
    conditions = {row.key: row for row in ConditionAnswer.objects.of(town.round)}
    writes = [_step(town, steps[key], answer) for key, answer in town.data["answers"].items()]
    writes += [_Write(conditions[key], _author(town, key), answer) for key, answer in town.data["conditions"].items()]
    open_ = (StepStatus.NOT_YET, StepStatus.UNDER_WAY)
    return sorted(writes, key=lambda write: write.values.get("status") in open_)


def _step(town: Town, row: StepAnswer, answer: Mapping[str, Any]) -> _Write:
    values = {name: value for name, value in answer.items() if name not in ("by", "evidence")}
    return _Write(row, town.people[answer["by"]], values, answer.get("evidence", ""))


def _author(town: Town, condition: str) -> User:
    """Who answered the condition's first step writes the condition's own answer too."""
    steps: tuple[Step, ...] = town.round.instrument.by_key[condition].steps
    by = next((town.data["answers"][s.key]["by"] for s in steps if s.key in town.data["answers"]), None)
    return town.people[by] if by else town.advocate


def _times(town: Town, count: int) -> list[datetime]:
    if "determination" in town.data:
        return moments(count, town.start, _decided_on(town) - timedelta(days=1))
    news = moments(NEWS_DAYS, town.ago(NEWS_DAYS), town.ago(1))
    return moments(count - NEWS_DAYS, town.start, town.ago(8)) + news


def _decided_on(town: Town) -> date:
    day: date = town.data["determination"]["decided_on"]
    return min(day, town.ago(1))


def _decide(town: Town, told: Mapping[str, Any]) -> None:
    leader, day = town.people[told["by"]], _decided_on(town)
    decision = Decision(told["verdict"], told["rationale"], leader.name, told["title"], day)
    with noted(at=datetime.combine(day, time(16, 30), timezone.get_current_timezone())):
        record_determination(round_=town.round, decision=decision, by=leader)


def read_alone(town: Town) -> None:
    """Members' own views of the steps, each where it differs from the answers."""
    told = town.data.get("readings", [])
    steps = {row.key: [row.status, ""] for row in StepAnswer.objects.of(town.round) if row.status}
    for read, at in zip(told, moments(len(told), town.ago(16), town.ago(9)), strict=True):
        by = town.people[read["by"]]
        with noted(at=at):
            answers = {**steps, **read["differs"]}
            add(Reading(round=town.round, user=by, answers=answers, done=read["done"]), by=by)
