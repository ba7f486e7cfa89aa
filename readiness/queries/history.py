"""Who changed what from what to what in a round, from the history that every write leaves."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from municipalities.models import Municipality, ReadinessPolicy
from municipalities.wording import day
from readiness import wording
from readiness.instrument import Instrument
from readiness.models import ConditionAnswer, ConditionState, Determination, Evidence, Round, StepAnswer, StepStatus
from readiness.queries.assessment import condition_of, dom

SYSTEM = "system"
POLICY = ("proceed", "prepare", "required")


@dataclass(frozen=True)
class Entry:
    """One change. `person` is None for the system itself; `key` is empty for what concerns the whole round."""

    at: datetime.datetime
    person: int | None
    who: str
    why: str
    key: str
    where: str
    what: str
    before: str
    after: str

    @property
    def condition(self) -> str:
        return condition_of(self.key)

    @property
    def dom(self) -> str:
        return dom(self.key)

    def within(self, key: str) -> bool:
        """Whether it concerns that condition or one of its steps, or that step."""
        return key in (self.key, self.condition)


@dataclass(frozen=True)
class Filter:
    """What to show: empty parts let everything pass. `who` is a person's id or SYSTEM; the days are local."""

    who: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    key: str = ""

    def passes(self, entry: Entry) -> bool:
        day = timezone.localdate(entry.at)
        return (
            (not self.who or self.who == str(entry.person or SYSTEM))
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (not self.key or entry.within(self.key))
        )


@dataclass(frozen=True)
class Change:
    """
    One person's news in one condition. `who` is None for the system itself; `what` names what changed.

    `key` is empty for the determination.
    """

    who: str | None
    key: str
    name: str
    at: datetime.datetime
    what: str = ""


def entries_of(round_: Round) -> tuple[Entry, ...]:
    """Everything that was changed in a round, newest first, in four queries whatever its size."""
    return _newest_first([*_begun(round_), *_news(round_), *_policy(round_)])


def _news(round_: Round, since: datetime.datetime | None = None) -> Iterator[Entry]:
    """What people did in the round itself; with `since`, from the versions written then or later alone."""
    yield from _answers(round_, StepAnswer, since)
    yield from _answers(round_, ConditionAnswer, since)
    yield from _evidence(round_, since)
    yield from _decided(round_)


def _versions(rows: QuerySet[Any], since: datetime.datetime | None) -> QuerySet[Any]:
    """
    The versions by row and order of writing; with `since`, those written then or later, each with the one before it.

    The one before is the one written before, whatever its date: `noted` may date a later version earlier.
    """
    in_order = rows.order_by("id", "history_id")
    if since is None:
        return in_order
    late = rows.filter(history_date__gte=since).order_by()
    # Looked up by the row alone: it never leaves its round, and both engines have an index of its versions.
    earlier = rows.model.objects.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    previous = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
    # By number, so that a version that is late and also before another late one comes once.
    wanted = late.values("history_id").union(late.values(previous=previous))
    return in_order.filter(history_id__in=wanted)


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """What was changed at one time stays in the order of the fields."""
    return tuple(sorted(entries, key=attrgetter("at"), reverse=True))


def changes_since(round_: Round, since: datetime.datetime) -> list[Change]:
    """What changed in the answers, the evidence and the decision, newest first, one entry a person and condition."""
    found: dict[tuple[int | None, str], list[Entry]] = {}
    for entry in _newest_first(entry for entry in _news(round_, since) if entry.at >= since):
        found.setdefault((entry.person, entry.condition), []).append(entry)
    known = round_.instrument.by_key
    return [_change(entries, known[key].short if key else _decision_word()) for (_p, key), entries in found.items()]


def _change(entries: list[Entry], name: str) -> Change:
    newest = entries[0]
    words = [entry.what if entry.key else entry.after for entry in entries]
    what = ", ".join(dict.fromkeys(words))
    return Change(newest.who if newest.person else None, newest.condition, name, newest.at, what)


def _decision_word() -> str:
    return str(capfirst(Determination._meta.get_field("verdict").verbose_name))


def _signature(past: Any) -> dict[str, Any]:
    user = past.history_user
    return {
        "at": past.history_date,
        "person": user.pk if user else None,
        "who": str(user.name or user.email) if user else _("The system"),
        "why": past.history_change_reason or "",
    }


def _answers(
    round_: Round, model: type[StepAnswer] | type[ConditionAnswer], since: datetime.datetime | None
) -> Iterator[Entry]:
    rows = _versions(model.history.filter(round=round_), since).select_related("history_user")
    for before, after in _neighbors(rows):
        for name in model.FIELDS:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                yield Entry(
                    **_signature(after),
                    key=after.key,
                    where=_place(round_.instrument, after.key),
                    what=_label(model, name),
                    before=_words(name, old),
                    after=_words(name, new),
                )


def _neighbors(rows: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each version of each row beside the one before it."""
    for _pk, versions in groupby(rows, key=attrgetter("id")):
        yield from pairwise(versions)


def _label(model: Any, name: str) -> str:
    return str(capfirst(model._meta.get_field(name).verbose_name))


def _place(tool: Instrument, key: str) -> str:
    return tool.steps[key].statement if key in tool.steps else tool.by_key[key].name


def _words(name: str, value: Any) -> str:
    """A value as people write it."""
    if name == "status":
        return str(StepStatus(value).label) if value else _("Unanswered")
    if name == "judged":
        return str(ConditionState(value).label) if value else _("Follow the checklist")
    if isinstance(value, datetime.date):
        return day(value)
    return str(value or "")


def _evidence(round_: Round, since: datetime.datetime | None) -> Iterator[Entry]:
    rows = _versions(Evidence.history.filter(step__round=round_), since)
    for _pk, group in groupby(rows.select_related("history_user", "verified_by", "step"), key=attrgetter("id")):
        versions = list(group)
        for before, after in pairwise([None, *versions]):
            for what, old, new in _evidence_changes(round_, before, after):
                key = after.step.key
                place = _place(round_.instrument, key)
                yield Entry(**_signature(after), key=key, where=place, what=what, before=old, after=new)


def _evidence_changes(round_: Round, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if before is None:
        # What came with the copy of the last round is not added once more.
        if round_.number == 1 or after.added_at >= round_.started_at:
            yield _("Evidence"), "", _item(after)
    elif after.history_type == "-":
        yield _("Evidence"), _item(after), ""
    else:
        if _item(before) != _item(after):
            yield _("Evidence"), _item(before), _item(after)
        if before.verified_by_id != after.verified_by_id:
            yield _("Evidence verified by"), str(before.verified_by or ""), str(after.verified_by or "")


def _item(row: Any) -> str:
    """A piece of evidence in words: the link, the document, or the file with what it shows."""
    return ": ".join(part for part in (row.name, row.text) if part)


def _policy(round_: Round) -> Iterator[Entry]:
    """Changes of the policy while the round was open."""
    rows = ReadinessPolicy.history.filter(municipality=round_.municipality_id).select_related("history_user")
    for before, after in _neighbors(rows.order_by("id", "history_id")):
        if after.history_date >= round_.started_at and not _closed(round_, after.history_date):
            for name in POLICY:
                old, new = getattr(before, name), getattr(after, name)
                if old != new:
                    yield Entry(
                        **_signature(after),
                        key="",
                        where=_("Readiness policy"),
                        what=_label(ReadinessPolicy, name),
                        before=_policy_words(round_.instrument, old),
                        after=_policy_words(round_.instrument, new),
                    )


def _closed(round_: Round, at: datetime.datetime) -> bool:
    return round_.decided_at is not None and at > round_.decided_at


def _policy_words(tool: Instrument, value: Any) -> str:
    return wording.names(sorted(value), tool) if isinstance(value, list) else str(value)


def _begun(round_: Round) -> Iterator[Entry]:
    person = round_.started_by
    last = round_.number - 1
    yield Entry(
        at=round_.started_at,
        person=person.pk if person else None,
        who=str(person.name or person.email) if person else _("The system"),
        why="",
        key="",
        where=_("Whole round"),
        what=_("Round started"),
        before="",
        after=_("A copy of round %(n)s") % {"n": last} if last else _("Nothing answered"),
    )


def _decided(round_: Round) -> Iterator[Entry]:
    made: Determination | None = getattr(round_, "determination", None)
    if made:
        yield Entry(
            at=made.recorded_at,
            person=made.person_id,
            who=str(made.person.name or made.person.email),
            why="",
            key="",
            where=_("Whole round"),
            what=_decision_word(),
            before="",
            after=str(made.get_verdict_display()),
        )


def history_of(municipality: Municipality, number: int | None) -> tuple[Round, tuple[Entry, ...]]:
    """The current round (or the one of that number) and its history; raises Round.DoesNotExist."""
    rounds = Round.objects.of(municipality).select_related("started_by", "determination__person")
    round_ = rounds.get(number=number) if number is not None else rounds.order_by("-number").first()
    if round_ is None:
        raise Round.DoesNotExist
    return round_, entries_of(round_)


def writers(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Who wrote any of it, to choose from: id (or SYSTEM) and name, by name."""
    found = {str(entry.person or SYSTEM): entry.who for entry in entries}
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))
