"""A round as other programs take it: its answers as rows of cells, as CSV and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from accounts.models import User
from municipalities.records import overwrite
from readiness import queries, services
from readiness.models import ConditionAnswer, Determination, Evidence, Round, StepAnswer
from readiness.queries import Assessment, ConditionView, StepView
from readiness.rules import worksheet
from readiness.services import RoundFrozenError

Answer = StepAnswer | ConditionAnswer
# The columns that are fields of an answer; evidence stands in rows of its own.
COLUMNS = tuple(column for column in worksheet.COLUMNS if column != "evidence")


def to_csv(assessment: Assessment) -> str:
    """The worksheet of a round: every condition, each followed by its steps, answered or not."""
    return worksheet.write(_rows(assessment))


def to_json(assessment: Assessment) -> dict[str, object]:
    """The round with its policy, recommendation and determination; None for what is empty."""
    round_ = assessment.round
    return {
        "municipality": {"slug": round_.municipality.slug, "name": round_.municipality.name},
        "round": round_.number,
        "instrument": round_.instrument_version,
        "policy": queries.policy_json(assessment.policy),
        "conditions": [_condition_json(view) for view in assessment.conditions],
        "recommendation": _recommendation_json(assessment),
        "determination": _determination_json(assessment.determination),
    }


def answers(round_: Round) -> dict[str, Answer]:
    """Every answer of the round by its key: the conditions, each before its steps."""
    found: dict[str, Answer] = {row.key: row for row in ConditionAnswer.objects.of(round_)}
    found |= {row.key: row for row in StepAnswer.objects.of(round_)}
    return {key: found[key] for key in _order(round_)}


def _order(round_: Round) -> Iterator[str]:
    for condition in round_.instrument.conditions:
        yield condition.key
        yield from (step.key for step in condition.steps)


def cells_of(rows: Mapping[str, Answer]) -> dict[str, dict[str, str]]:
    """The cells of these answers by key, evidence included, in one query."""
    beside = queries.evidence_of(row for row in rows.values() if isinstance(row, StepAnswer))
    return {key: cells(answer, beside.get(key, ())) for key, answer in rows.items()}


def rows_of(assessment: Assessment) -> dict[str, dict[str, str]]:
    """The cells of a whole round by key."""
    return {row["key"]: row for row in _rows(assessment)}


def store(answer: Answer, changed: Mapping[str, str], by: User | None) -> None:
    """Write the changed cells of an answer that the caller holds locked."""
    if "evidence" in changed and isinstance(answer, StepAnswer):
        services.set_texts(step=answer, texts=worksheet.links(changed["evidence"]), by=by)
    overwrite(answer, by=by, **_values(answer, changed))


def locked(round_: Round) -> dict[str, Answer]:
    """Every answer of the round, locked for a write; raises RoundFrozenError after the determination."""
    # The order in which a determination locks them too; asked after that whether one came first.
    steps = StepAnswer.objects.of(round_).select_for_update().order_by("pk")
    conditions = ConditionAnswer.objects.of(round_).select_for_update().order_by("pk")
    found: dict[str, Answer] = {row.key: row for row in (*steps, *conditions)}
    if not Round.objects.open().filter(pk=round_.pk).exists():
        raise RoundFrozenError
    for row in found.values():
        row.known_open = True
    return {key: found[key] for key in _order(round_)}


def _rows(assessment: Assessment) -> Iterator[dict[str, str]]:
    for view in assessment.conditions:
        yield cells(view.answer)
        yield from (cells(step.answer, step.evidence) for step in view.steps)


def _field(column: str, answer: Answer) -> str:
    return "judged" if column == "status" and isinstance(answer, ConditionAnswer) else column


def cells(answer: Answer, evidence: Iterable[Evidence] = ()) -> dict[str, str]:
    """The row of an answer; a column that its kind does not have is empty."""
    values = {column: getattr(answer, _field(column, answer), "") for column in COLUMNS}
    shown = worksheet.evidence_cell((row.text, row.name) for row in evidence)
    return {column: str(value or "") for column, value in values.items()} | {"evidence": shown}


def _values(answer: Answer, changed: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {_field(c, answer): cell for c, cell in changed.items() if c != "evidence"}
    if "due" in changed:
        values["due"] = date.fromisoformat(changed["due"]) if changed["due"] else None
    return values


def _condition_json(view: ConditionView) -> dict[str, object]:
    return {
        "key": view.key,
        "suggested": str(view.reading.suggested),
        "judged": view.answer.judged or None,
        "reason": view.answer.reason or None,
        "state": str(view.reading.state),
        "met": view.reading.met,
        "note": view.answer.note or None,
        "steps": [_step_json(step) for step in view.steps],
    }


def _step_json(view: StepView) -> dict[str, object]:
    shown = cells(view.answer, view.evidence)
    return {name: shown[name] or None for name in ("key", "status", "note", "evidence", "owner", "due")}


def _recommendation_json(assessment: Assessment) -> dict[str, object]:
    live = queries.recommendation_json(assessment.recommendation, assessment.instrument)
    # A database may hand the frozen one back with its keys in another order.
    return {name: assessment.determination.recommendation[name] for name in live} if assessment.determination else live


def _determination_json(determination: Determination | None) -> dict[str, object] | None:
    if determination is None:
        return None
    return {
        "verdict": determination.verdict,
        "rationale": determination.rationale,
        "by": determination.name,
        "on": determination.decided_on.isoformat(),
    }
