"""Writes of a round's answers, and the round itself."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db import IntegrityError, transaction

from accounts.models import User
from municipalities.models import Municipality
from municipalities.records import Outcome, amend
from readiness.models import ConditionAnswer, Evidence, Round, RoundFrozenError, StepAnswer, blank_answers

A = TypeVar("A", StepAnswer, ConditionAnswer)


class ReasonlessError(Exception):
    """A judgement would be left without a reason; `merged` is the answer that could not be stored."""

    def __init__(self, merged: Mapping[str, object]) -> None:
        self.merged = merged
        super().__init__("a judgement needs a reason")


class RoundOpenError(Exception):
    """A new round starts only after the last one has its determination."""


@transaction.atomic
def start_round(*, municipality: Municipality, by: User | None) -> Round:
    """A municipality's next round: blank the first time, then a copy of the last; raises RoundOpenError."""
    # One at a time, or two would both count as the next.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    last = Round.objects.of(municipality).current()
    if last and not last.frozen:
        raise RoundOpenError
    round_ = Round.objects.create(municipality=municipality, number=last.number + 1 if last else 1, started_by=by)
    for rows in blank_answers(round_):
        _copy(rows, last)
        type(rows[0]).objects.bulk_create([row.signed(by) for row in rows])
    if last:
        _copy_evidence(last, round_, by)
    return round_


def _copy_evidence(last: Round, round_: Round, by: User | None) -> None:
    """The same evidence beside the same steps: who brought and who verified it, and when, goes along."""
    steps = {row.key: row for row in StepAnswer.objects.of(round_)}
    rows = list(Evidence.objects.of(last).select_related("step"))
    for row in rows:
        row.step, row.pk, row.version = steps[row.step.key], None, 1
    Evidence.objects.bulk_create([row.signed(by) for row in rows])


def _copy(rows: Iterable[StepAnswer | ConditionAnswer], last: Round | None) -> None:
    rows = list(rows)
    kind = type(rows[0])
    before = {row.key: row for row in kind.objects.of(last)} if last else {}
    for row in rows:
        if row.key in before:
            for name in kind.FIELDS:
                setattr(row, name, getattr(before[row.key], name))


@transaction.atomic
def record_step(*, round_: Round, key: str, seen: int, values: Mapping[str, object], by: User) -> Outcome[StepAnswer]:
    """
    Store the fields of a step that its writer changed since version `seen`.

    Raises StepAnswer.DoesNotExist for an unknown key and RoundFrozenError after the determination.
    """
    return amend(locked(StepAnswer, round_, key), seen=seen, values=values, by=by)


@transaction.atomic
def record_condition(
    *, round_: Round, key: str, seen: int, values: Mapping[str, object], by: User
) -> Outcome[ConditionAnswer]:
    """
    Like `record_step`, for the open question, the judgement and its reason.

    Raises ReasonlessError too, for what was sent or for what came of it together with somebody else's change.
    """
    row = locked(ConditionAnswer, round_, key)
    try:
        with transaction.atomic():
            return amend(row, seen=seen, values=values, by=by)
    except IntegrityError as error:
        # The form has checked everything else; only `judgement_has_a_reason` is left to break.
        raise ReasonlessError({name: getattr(row, name) for name in row.FIELDS}) from error


def locked(kind: type[A], round_: Round, key: str) -> A:
    """The answer, locked for a write; raises its DoesNotExist, and RoundFrozenError after the determination."""
    row: A = kind.objects.of(round_).select_for_update().get(key=key)
    # Asked after the lock is ours: a determination locks every answer first, so none slips in behind it.
    if not Round.objects.open().filter(pk=round_.pk).exists():
        raise RoundFrozenError
    row.known_open = True
    return row
