"""Writes to a round: versions, history, freezing, copies."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from municipalities.models import ReadinessPolicy
from readiness import instrument, queries, services
from readiness.models import ConditionAnswer, Round, StepAnswer
from readiness.rules.policy import Policy, PolicyError
from readiness.services import Decision
from tests.conftest import Cast
from tests.municipalities.test_services import at_once


def current(cast: Cast) -> Round:
    return Round.objects.get(municipality=cast.larkspur, decided_at=None)


def step(cast: Cast, key: str = "leadership.1") -> StepAnswer:
    row: StepAnswer = StepAnswer.objects.get(round=current(cast), key=key)
    return row


DECISION = Decision("prepare", "Build up data first.", "Lena Whitfield", "County Executive", datetime.date(2026, 11, 2))


def test_a_first_round_has_every_step_and_condition_unanswered(cast: Cast):
    assessment = queries.assessment(cast.larkspur)
    assert (assessment.recommendation.unanswered, assessment.answered, len(assessment.conditions)) == (
        31,
        0,
        9,
    )


def test_a_step_is_stored_with_who_and_one_history_row(cast: Cast):
    outcome = services.record_step(
        round_=current(cast),
        key="leadership.1",
        seen=1,
        values={"status": "in_place", "note": "Done"},
        by=cast.ben,
    )
    row = step(cast)
    assert outcome.changed == ("status", "note")
    assert (row.status, row.note, row.version, row.updated_by) == ("in_place", "Done", 2, cast.ben)
    newest = row.history.first()
    assert (row.history.count(), newest.history_user, newest.note, newest.version) == (2, cast.ben, "Done", 2)


def test_saving_what_is_already_stored_leaves_no_trace(cast: Cast):
    values = {"note": ""}
    outcome = services.record_step(round_=current(cast), key="leadership.1", seen=1, values=values, by=cast.ben)
    assert (outcome.changed, step(cast).version, step(cast).history.count()) == ((), 1, 1)


def test_two_writers_on_different_fields_are_merged_and_the_later_learns_of_the_other(cast: Cast):
    round_ = current(cast)
    services.record_step(round_=round_, key="leadership.1", seen=1, values={"status": "under_way"}, by=cast.ben)
    outcome = services.record_step(
        round_=round_, key="leadership.1", seen=1, values={"status": "", "note": "Memo sent"}, by=cast.ana
    )
    row = step(cast)
    assert (row.status, row.note, row.version) == ("under_way", "Memo sent", 3)
    assert (outcome.changed, dict(outcome.foreign)) == (("note",), {"status": "under_way"})


def test_two_writers_on_one_text_store_nothing_and_get_both(cast: Cast):
    round_ = current(cast)
    services.record_step(round_=round_, key="leadership.1", seen=1, values={"note": "Ben's words"}, by=cast.ben)
    outcome = services.record_step(
        round_=round_,
        key="leadership.1",
        seen=1,
        values={"note": "Ana's words", "status": "in_place"},
        by=cast.ana,
    )
    (conflict,) = outcome.conflicts
    assert (conflict.field, conflict.mine, conflict.theirs) == ("note", "Ana's words", "Ben's words")
    assert dict(outcome.waiting) == {"status": "in_place"}
    assert (step(cast).note, step(cast).status, step(cast).version) == ("Ben's words", "", 2)


def test_a_version_nobody_ever_saw_counts_as_a_conflict(cast: Cast):
    round_ = current(cast)
    services.record_step(round_=round_, key="leadership.1", seen=1, values={"note": "Ben's words"}, by=cast.ben)
    outcome = services.record_step(round_=round_, key="leadership.1", seen=99, values={"note": "Mine"}, by=cast.ana)
    assert [c.field for c in outcome.conflicts] == ["note"]


def test_a_determination_freezes_answers_policy_and_recommendation(cast: Cast):
    round_ = current(cast)
    decided = services.record_determination(round_=round_, decision=DECISION, by=cast.lena)
    assert decided.recommendation["verdict"] == "postpone"
    assert decided.differs
    services.change_policy(municipality=cast.larkspur, policy=Policy(2, 1), by=cast.ana)
    assessment = queries.assessment(cast.larkspur)
    assert assessment.policy == Policy()
    assert assessment.explanation == tuple(decided.recommendation["explanation"])
    with pytest.raises(services.RoundFrozenError):
        services.record_step(round_=round_, key="leadership.1", seen=1, values={"note": "late"}, by=cast.ana)
    with pytest.raises(services.RoundFrozenError):
        services.record_condition(round_=round_, key="leadership", seen=1, values={"note": "late"}, by=cast.ana)
    with pytest.raises(services.RoundFrozenError):
        services.record_determination(round_=round_, decision=DECISION, by=cast.lena)
    assert StepAnswer.objects.get(round=round_, key="leadership.1").note == ""


def test_a_new_round_is_a_copy_and_waits_for_the_determination(cast: Cast):
    round_ = current(cast)
    services.record_step(
        round_=round_,
        key="data.2",
        seen=1,
        values={"status": "in_place"},
        by=cast.ben,
    )
    services.record_condition(round_=round_, key="data", seen=1, values={"note": "Hire an analyst"}, by=cast.ben)
    with pytest.raises(services.RoundOpenError):
        services.start_round(municipality=cast.larkspur, by=cast.ana)
    services.record_determination(round_=round_, decision=DECISION, by=cast.lena)
    second = services.start_round(municipality=cast.larkspur, by=cast.ana)
    copied = StepAnswer.objects.get(round=second, key="data.2")
    assert (second.number, copied.status) == (2, "in_place")
    assert ConditionAnswer.objects.get(round=second, key="data").note == "Hire an analyst"
    assert copied.history.count() == 1
    services.record_step(round_=second, key="data.2", seen=1, values={"status": "not_yet"}, by=cast.ana)
    assert StepAnswer.objects.get(round=round_, key="data.2").status == "in_place"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_start_a_round_at_once_one_does_and_the_other_is_told(cast: Cast):
    services.record_determination(round_=current(cast), decision=DECISION, by=cast.lena)
    results = at_once(*[lambda: services.start_round(municipality=cast.larkspur, by=cast.ana)] * 4)
    assert sorted(results) == ["RoundOpenError", "RoundOpenError", "RoundOpenError", "done"]
    assert Round.objects.filter(municipality=cast.larkspur).count() == 2


@pytest.mark.parametrize("what", ["step", "condition", "policy"])
def test_a_determination_is_refused_once_anything_changed_since_it_was_read(cast: Cast, what: str):
    round_ = current(cast)
    seen = queries.assessment(cast.larkspur).mark
    if what == "step":
        services.record_step(round_=round_, key="data.1", seen=1, values={"note": "New"}, by=cast.ben)
    elif what == "condition":
        services.record_condition(round_=round_, key="data", seen=1, values={"note": "New"}, by=cast.ben)
    else:
        services.change_policy(municipality=cast.larkspur, policy=Policy(8, 3), by=cast.ana)
    with pytest.raises(services.RoundChangedError):
        services.record_determination(round_=round_, decision=DECISION, by=cast.lena, seen=seen)
    assert not current(cast).frozen
    seen = queries.assessment(cast.larkspur).mark
    services.record_determination(round_=round_, decision=DECISION, by=cast.lena, seen=seen)
    assert not Round.objects.open().filter(pk=round_.pk).exists()


def test_a_determination_locks_every_answer_and_the_policy_in_the_order_of_an_import(cast: Cast):
    with CaptureQueriesContext(connection) as asked:
        services.record_determination(round_=current(cast), decision=DECISION, by=cast.lena)
    tables = ("readiness_stepanswer", "readiness_conditionanswer", "municipalities_readinesspolicy")
    read = [q["sql"] for q in asked if q["sql"].startswith("SELECT") and any(f'FROM "{t}"' in q["sql"] for t in tables)]
    assert [next(t for t in tables if t in sql) for sql in read] == list(tables)
    assert ['ORDER BY "readiness_' in sql and '."id" ASC' in sql for sql in read] == [True, True, False]
    if connection.vendor == "postgresql":
        assert all("FOR UPDATE" in sql for sql in read)


def test_a_round_is_explained_in_the_words_of_its_own_instrument(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    real = instrument.load

    def load(version: str = "later") -> instrument.Instrument:
        tool = real("2022")
        if version == "2022":
            return tool
        renamed = [replace(c, key=f"new-{c.key}", short=f"New {c.short}") for c in tool.conditions]
        return replace(tool, conditions=tuple(renamed))

    monkeypatch.setattr(instrument, "load", load)
    services.change_policy(municipality=cast.larkspur, policy=Policy(8, 2), by=cast.ana)
    live = queries.assessment(cast.larkspur).explanation
    decided = services.record_determination(round_=current(cast), decision=DECISION, by=cast.lena)
    assert tuple(decided.recommendation["explanation"]) == live
    assert "New" not in " ".join(live)


def test_a_policy_change_is_kept_in_history_and_bounded(cast: Cast):
    services.change_policy(municipality=cast.larkspur, policy=Policy(8, 2, frozenset()), by=cast.ana)
    row = ReadinessPolicy.objects.get(municipality=cast.larkspur)
    assert (row.proceed, row.prepare, row.required, row.history.count()) == (8, 2, [], 2)
    with pytest.raises(PolicyError):
        services.change_policy(municipality=cast.larkspur, policy=Policy(required=frozenset({"money"})), by=cast.ana)
    with pytest.raises(services.PolicyChangedError):
        services.change_policy(municipality=cast.larkspur, policy=Policy(), by=cast.ana, seen=1)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (StepAnswer, {"key": "leadership.1", "status": "done"}),
        (ConditionAnswer, {"key": "data", "judged": "in_place", "reason": ""}),
        (ConditionAnswer, {"key": "data", "judged": "maybe", "reason": "x"}),
    ],
)
def test_the_database_refuses_what_the_domain_does_not_know(
    cast: Cast, model: type[StepAnswer | ConditionAnswer], values: dict[str, str]
):
    row = model.objects.get(round=current(cast), key=values["key"])
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_one_round_is_open_at_a_time(cast: Cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(municipality=cast.larkspur, number=2)


def test_an_assessment_reads_in_four_queries_however_much_is_answered(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(4):
        queries.assessment(cast.larkspur)
    for n, key in enumerate(list(current(cast).instrument.steps)[:20]):
        services.record_step(
            round_=current(cast),
            key=key,
            seen=1,
            values={"status": "in_place", "note": f"Note {n}"},
            by=cast.ben,
        )
    with django_assert_num_queries(4):
        queries.assessment(cast.larkspur)
