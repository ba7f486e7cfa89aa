"""Writes to the preparedness plan, each under one transaction and one name."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.models import User
from municipalities import feeds
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, overwrite
from preparedness.models import Action, ActionStatus, Feed
from readiness.models import Round, StepAnswer
from readiness.services import record_step


class ReasonlessError(Exception):
    """A dropped action needs a reason."""


class NotWaitingError(Exception):
    """Nothing waits to be confirmed there: the action is not finished, or does not lift that step."""


def add_action(*, municipality: Municipality, values: Mapping[str, object], by: User | None) -> Action:
    """A new action; `values` are the model's fields."""
    return add(Action(municipality=municipality, **values), by=by)


def change_action(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Action]:
    """
    Store the fields that their writer changed since version `seen`.

    Raises Action.DoesNotExist, and ReasonlessError where it would be dropped without a reason.
    """
    try:
        with transaction.atomic():
            return amend(_locked(municipality, pk), seen=seen, values=values, by=by)
    except IntegrityError as error:
        raise ReasonlessError from error


@transaction.atomic
def move(*, municipality: Municipality, pk: int, status: str, by: User) -> Action:
    """Give an action another status than dropped, which needs a reason; raises Action.DoesNotExist, ReasonlessError."""
    row = _locked(municipality, pk)
    if status == ActionStatus.DROPPED and not row.reason:
        raise ReasonlessError
    overwrite(row, by=by, status=status)
    return row


@transaction.atomic
def confirm(*, municipality: Municipality, pk: int, key: str, seen: int, by: User) -> Outcome[StepAnswer]:
    """
    A finished action's step is in place: put it so in the current round.

    Raises Action.DoesNotExist, NotWaitingError, and RoundFrozenError where the current round is decided.
    """
    row = _locked(municipality, pk)
    if row.status != ActionStatus.DONE or key not in row.steps:
        raise NotWaitingError
    round_ = Round.objects.of(municipality).current()
    if round_ is None:
        raise NotWaitingError
    return record_step(round_=round_, key=key, seen=seen, values={"status": "in_place"}, by=by)


def open_feed(*, municipality: Municipality, user: User, mine_only: bool) -> tuple[Feed, str]:
    """A calendar address and its secret; the person's earlier one of the same kind stops working."""
    return feeds.open_feed(Feed, municipality=municipality, user=user, mine_only=mine_only)


def revoke_feed(*, municipality: Municipality, user: User, pk: int) -> None:
    """The address stops working; raises Feed.DoesNotExist for one that is not the person's."""
    feeds.revoke_feed(Feed, municipality=municipality, user=user, pk=pk)


def _locked(municipality: Municipality, pk: int) -> Action:
    row: Action = Action.objects.of(municipality).select_for_update().get(pk=pk)
    return row
