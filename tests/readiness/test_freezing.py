"""A determination freezes its round: no path changes it any more, and a fingerprint tells if one did."""

import datetime
import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from municipalities.records import noted, overwrite, remove
from readiness import queries, services
from readiness.models import ConditionAnswer, Determination, Evidence, Round, RoundFrozenError, StepAnswer
from readiness.rules.canonical import fingerprint
from tests import factories
from tests.conftest import Cast

DAY = datetime.date(2026, 11, 20)


@pytest.fixture
def decided(cast: Cast) -> Determination:
    round_ = Round.objects.get(municipality=cast.larkspur)
    step = StepAnswer.objects.get(round=round_, key="leadership.1")
    services.record_step(
        round_=round_, key=step.key, seen=1, values={"status": "in_place", "note": "Told"}, by=cast.ben
    )
    row = factories.evidence(step, "Minutes", cast.ben)
    services.verify(round_=round_, pk=row.pk, by=cast.ana)
    decision = services.Decision("prepare", "Build up.", "Lena Whitfield", "Mayor", DAY, None, "If the budget passes.")
    with noted(at=datetime.datetime(2026, 11, 20, 16, 30, tzinfo=datetime.UTC)):
        return services.record_determination(round_=round_, decision=decision, by=cast.lena)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_round", *arguments, stdout=out)
    return out.getvalue()


def test_it_keeps_everything_as_it_was_that_day(cast: Cast, decided: Determination):
    kept = Determination.objects.get(pk=decided.pk).snapshot
    assert (len(kept["steps"]), len(kept["conditions"])) == (31, 9)
    assert kept["steps"]["leadership.1"] == {
        "status": "in_place",
        "note": "Told",
        "owner": "",
        "due": None,
        "evidence": [
            {
                "text": "Minutes",
                "file": "",
                "sha256": "",
                "added_by": "ben@larkspur.example",
                "verified_by": "ana@larkspur.example",
            }
        ],
    }
    assert kept["determination"] == {
        "verdict": "prepare",
        "rationale": "Build up.",
        "conditions": "If the budget passes.",
        "name": "Lena Whitfield",
        "title": "Mayor",
        "decided_on": "2026-11-20",
        "look_again_on": None,
        "person": "lena@larkspur.example",
    }
    assert (kept["policy"], kept["recommendation"]["verdict"], kept["pulse"]) == (
        {"proceed": 7, "prepare": 3, "required": ["leadership"]}, "postpone", None,
    )  # fmt: skip
    assert decided.fingerprint == fingerprint(kept)
    assert decided.recorded_at == Round.objects.get(pk=decided.round_id).decided_at
    assert decided.recorded_at.isoformat() == "2026-11-20T16:30:00+00:00"


def writes(cast: Cast) -> dict[str, Callable[[], object]]:
    """Every ordinary way to change something of the frozen round, none of them through the services."""
    step = StepAnswer.objects.get(round__municipality=cast.larkspur, key="leadership.2")
    # As somebody's memory has it, from before the determination.
    step.round.decided_at = None
    condition = ConditionAnswer.objects.get(round__municipality=cast.larkspur, key="data")
    evidence = Evidence.objects.get()
    determination = Determination.objects.get()
    return {
        "overwrite a step": lambda: overwrite(step, by=cast.ana, note="Late"),
        "save a step": step.save,
        "delete a step": step.delete,
        "overwrite a condition": lambda: overwrite(condition, by=cast.ana, note="Late"),
        "add evidence": lambda: factories.evidence(step, "Late", cast.ana),
        "remove evidence": lambda: remove(evidence, by=cast.ana),
        "verify evidence": lambda: overwrite(evidence, by=cast.ana, text="Other"),
        "add many": lambda: Evidence.objects.bulk_create([Evidence(step=step, text="Late").signed(None)]),
        "set texts": lambda: services.set_texts(step=step, texts=["Late"], by=cast.ana),
        "save a determination": determination.save,
        "delete a determination": determination.delete,
        "update determinations": lambda: Determination.objects.update(verdict="proceed"),
        "delete determinations": lambda: Determination.objects.all().delete(),
        "open the round": lambda: Round.objects.filter(pk=step.round_id).update(decided_at=None),
        "save the round": Round.objects.get(pk=step.round_id).save,
        "delete the round": Round.objects.get(pk=step.round_id).delete,
        "delete rounds": lambda: Round.objects.filter(pk=step.round_id).delete(),
    }


def test_no_path_changes_a_frozen_round(cast: Cast, decided: Determination):
    taken = []
    for name, write in writes(cast).items():
        try:
            write()
        except RoundFrozenError:
            continue
        taken.append(name)
    assert taken == []
    assert run("larkspur", "1") == (f"Round 1 of larkspur is as it was decided on 2026-11-20.\n{decided.fingerprint}\n")


def test_a_step_is_saved_without_asking_twice(cast: Cast, django_assert_num_queries):
    round_ = Round.objects.get(municipality=cast.larkspur)
    step = StepAnswer.objects.get(round=round_, key="data.1")
    with django_assert_num_queries(3):
        overwrite(step, by=cast.ana, note="One")
    step.known_open = True
    with django_assert_num_queries(2):
        overwrite(step, by=cast.ana, note="Two")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE readiness_stepanswer SET note = 'Other' WHERE key = 'leadership.1'", "steps > leadership.1 > note"),
        ("UPDATE readiness_evidence SET text = 'Other'", "steps > leadership.1 > evidence > 1 > text"),
        ("DELETE FROM readiness_evidence", "steps > leadership.1 > evidence"),
        ("UPDATE readiness_conditionanswer SET note = 'x' WHERE key = 'data'", "conditions > data > note"),
        ("UPDATE readiness_determination SET rationale = 'Other'", "determination > rationale"),
        ("UPDATE readiness_determination SET fingerprint = 'abc'", "snapshot"),
    ],
)
def test_what_raw_sql_changed_is_found_and_named(cast: Cast, decided: Determination, change: str, place: str):
    with connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(CommandError, match=f"^Round 1 of larkspur is not as it was decided on 2026-11-20: {place}$"):
        run("larkspur", "1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "1"), 'There is no municipality "nowhere".'),
        (("fairmont", "1"), "fairmont has no decided round 1."),
        (("larkspur", "2"), "larkspur has no decided round 2."),
    ],
)
def test_what_cannot_be_verified_is_one_line(decided: Determination, arguments: tuple[str, str], message: str):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert str(error.value) == message


def test_a_later_round_leaves_the_frozen_one_as_it_was(cast: Cast, decided: Determination):
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    second = Round.objects.get(municipality=cast.larkspur, number=2)
    services.record_step(round_=second, key="leadership.1", seen=1, values={"note": "New"}, by=cast.ben)
    services.change_policy(municipality=cast.larkspur, policy=queries.policy_of(cast.fairmont), by=cast.ana)
    assert queries.changed_since_decided(Determination.objects.get()) == ()
