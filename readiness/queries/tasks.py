"""What of an open round is still to do, by its owner."""

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import User
from municipalities.models import Municipality
from municipalities.queries import owned_by
from readiness.models import ConditionAnswer, ConditionState, StepAnswer, StepStatus

T = TypeVar("T", StepAnswer, ConditionAnswer)


def open_steps(municipality: Municipality, user: User) -> "QuerySet[StepAnswer]":
    """The steps of the open round that are the person's and not in place yet."""
    return _mine(StepAnswer, municipality, user).exclude(status=StepStatus.IN_PLACE)


def open_conditions(municipality: Municipality, user: User) -> "QuerySet[ConditionAnswer]":
    """The conditions of the open round that are the person's and not met: judged so, or with a step missing."""
    missing = StepAnswer.objects.filter(
        round=OuterRef("round"), key__startswith=Concat(OuterRef("key"), Value("."))
    ).exclude(status=StepStatus.IN_PLACE)
    unmet = Q(judged="") & Exists(missing) | Q(judged__in=[ConditionState.NOT_YET, ConditionState.PARTLY])
    return _mine(ConditionAnswer, municipality, user).filter(unmet)


def _mine(kind: type[T], municipality: Municipality, user: User) -> "QuerySet[T]":
    rows: QuerySet[T] = kind.objects.filter(owned_by(user), round__municipality=municipality, round__decided_at=None)
    return rows
