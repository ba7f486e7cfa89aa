"""What has changed in a round, from the history that every write leaves."""

import datetime
from dataclasses import dataclass

from readiness.models import ConditionAnswer, Round, StepAnswer
from readiness.queries.assessment import condition_of


@dataclass(frozen=True)
class Change:
    """One entry of the history: who wrote in which condition, when. `who` is None for the system itself."""

    who: str | None
    key: str
    name: str
    at: datetime.datetime


def changes_since(round_: Round, since: datetime.datetime) -> list[Change]:
    """Who wrote in which condition since then, newest first, one entry a person and condition."""
    newest: dict[tuple[str | None, str], datetime.datetime] = {}
    for model in (StepAnswer, ConditionAnswer):
        rows = model.history.filter(round=round_, history_date__gte=since, version__gt=1)
        for who, key, at in rows.values_list("history_user__name", "key", "history_date"):
            place = (who, condition_of(key))
            newest[place] = max(at, newest.get(place, at))
    known = round_.instrument.by_key
    changes = [Change(who, key, known[key].short, at) for (who, key), at in newest.items()]
    return sorted(changes, key=lambda change: change.at, reverse=True)
