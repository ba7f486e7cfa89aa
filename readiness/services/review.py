"""Writes of the step three review."""

from django.db import transaction

from accounts.models import User
from municipalities.records import add
from readiness.models import Acknowledgement, Round, RoundFrozenError


@transaction.atomic
def acknowledge(*, round_: Round, by: User) -> Acknowledgement:
    """
    A leader says that they have read the conditions; saying it again changes nothing.

    Raises RoundFrozenError once the round is decided.
    """
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.frozen:
        raise RoundFrozenError
    known: Acknowledgement | None = Acknowledgement.objects.of(locked).filter(person=by).first()
    return known or add(Acknowledgement(round=locked, person=by, name=str(by)), by=by)
