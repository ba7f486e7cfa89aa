"""Writes of independent readings. A frozen round takes none (the models see to it)."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from municipalities.records import add, overwrite
from readiness.models import Round
from readings.models import Opening, Reading


class DoneError(Exception):
    """Who has said that their reading is done, and may have seen the others', changes it no more."""


@transaction.atomic
def record(*, round_: Round, by: User, answers: Mapping[str, tuple[str, str]], done: bool = False) -> Reading:
    """
    Store what a member says of some steps, key to status and remark; an empty status takes the answer back.

    With `done` the reading is finished, for good: from now on its writer sees the others'. Raises DoneError, and
    RoundFrozenError after the determination.
    """
    row = _locked(round_, by)
    if row.done:
        raise DoneError
    kept = {**row.answers, **{key: list(said) for key, said in answers.items()}}
    overwrite(row, by=by, answers={key: said for key, said in kept.items() if any(said)}, done=done)
    return row


@transaction.atomic
def open_comparison(*, round_: Round, by: User) -> None:
    """Everybody may see the finished readings now. Raises RoundFrozenError."""
    if not Opening.objects.filter(round=round_).exists():
        add(Opening(round=round_, opened_by=by), by=by)


def _locked(round_: Round, user: User) -> Reading:
    # One at a time, or two tabs would both begin the same reading.
    Round.objects.select_for_update().get(pk=round_.pk)
    row: Reading | None = Reading.objects.select_for_update().filter(round=round_, user=user).first()
    return row or add(Reading(round=round_, user=user), by=user)
