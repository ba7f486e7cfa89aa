"""This week's news of a round: what the late versions alone say is what the whole history says."""

import datetime
from collections.abc import Callable
from random import Random

import pytest
from django.utils import timezone

from municipalities.records import noted
from readiness import imports, queries, services
from readiness.models import ConditionAnswer, Evidence, Round, StepAnswer
from tests.conftest import Cast
from tests.readiness.test_history import decide, round_of, step, write


def answer(of: Random, cast: Cast, round_: Round) -> None:
    row = of.choice(StepAnswer.objects.of(round_).order_by("pk")[:6])
    values = {"status": of.choice(["", "not_yet", "under_way"]), "note": of.choice(["", "One", "Two"])}
    by = of.choice([cast.ana, cast.ben])
    services.record_step(round_=round_, key=row.key, seen=row.version, values=values, by=by)


def judge(of: Random, cast: Cast, round_: Round) -> None:
    row = of.choice(ConditionAnswer.objects.of(round_).order_by("pk")[:3])
    values = {"judged": of.choice(["", "partly"]), "reason": "We know.", "note": of.choice(["", "One"])}
    by = of.choice([cast.ana, cast.ben])
    services.record_condition(round_=round_, key=row.key, seen=row.version, values=values, by=by)


def bring_evidence(of: Random, cast: Cast, round_: Round) -> None:
    services.add_link(round_=round_, key="leadership.1", text=f"Link {of.random()}", by=of.choice([cast.ben, None]))


def verify_evidence(of: Random, cast: Cast, round_: Round) -> None:
    if rows := Evidence.objects.of(round_):
        row = of.choice(rows)
        change = services.unverify if row.verified_by else services.verify
        change(round_=round_, pk=row.pk, by=cast.ana)


def take_evidence_away(of: Random, cast: Cast, round_: Round) -> None:
    if rows := Evidence.objects.of(round_):
        services.remove_evidence(round_=round_, pk=of.choice(rows).pk, by=cast.lena)


def import_a_file(of: Random, cast: Cast, round_: Round) -> None:
    one, two = of.sample(["leadership.1", "leadership.2", "partnerships.1", "data.1"], 2)
    status = of.choice(["in_place", "not_yet"])
    content = f"key,status,evidence\n{one},{status},Memo\n{two},{status},\n"
    incoming = imports.read("answers.csv", content.encode(), round_)
    imports.apply(round_=round_, incoming=incoming, taken=(), by=None, because="answers.csv")


DOINGS = (answer, answer, answer, judge, bring_evidence, verify_evidence, take_evidence_away, import_a_file)


def from_the_whole(round_: Round, since: datetime.datetime) -> list[queries.Change]:
    """What `changes_since` says, from the round's whole history."""
    found: dict[tuple[int | None, str], list[queries.Entry]] = {}
    for entry in queries.history_of(round_.municipality, round_.number)[1]:
        if entry.at >= since and entry.where != "Readiness policy" and entry.what != "Round started":
            found.setdefault((entry.person, entry.condition), []).append(entry)
    names = {key: condition.short for key, condition in round_.instrument.by_key.items()}
    return [
        queries.Change(
            entries[0].who if person else None,
            key,
            names.get(key, "Determination"),
            entries[0].at,
            ", ".join(dict.fromkeys(entry.what if entry.key else entry.after for entry in entries)),
        )
        for (person, key), entries in found.items()
    ]


@pytest.mark.parametrize("seed", range(6))
def test_news_from_the_late_versions_alone_are_those_of_the_whole_history(cast: Cast, seed: int):
    of, round_ = Random(seed), round_of(cast)
    if seed % 2:
        services.add_link(round_=round_, key="leadership.1", text="Of last year", by=cast.ben)
        decide(cast)
        round_ = services.start_round(municipality=cast.larkspur, by=cast.ana)
    start = timezone.now() - datetime.timedelta(days=30)
    for hour in range(0, 30 * 24, 12):
        # Imports are dated now, and some clocks go wrong: what is written later may be dated earlier.
        astray = datetime.timedelta(hours=of.choice([0, 0, 0, -100, 100]))
        with noted(at=start + datetime.timedelta(hours=hour) + astray):
            of.choice(DOINGS)(of, cast, round_)
    for days in (0, 3, 10, 23, 29, 31, 60):
        since = start + datetime.timedelta(days=days)
        assert queries.changes_since(round_, since) == from_the_whole(round_, since)
    assert len(queries.changes_since(round_, start)) > 5


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every version of a row that is read from a history."""
    rows: list[object] = []
    for kind in (StepAnswer, ConditionAnswer, Evidence):
        model = kind.history.model

        def from_db(*args: object, make: Callable[..., object] = model.from_db) -> object:
            rows.append(make(*args))
            return rows[-1]

        monkeypatch.setattr(model, "from_db", from_db)
    return rows


@pytest.mark.parametrize("times", [1, 40])
def test_news_read_one_version_before_each_row_of_the_week_however_much_was_written_earlier(
    cast: Cast, read: list[object], django_assert_num_queries, times: int
):
    week = timezone.now() - datetime.timedelta(days=7)
    with noted(at=week - datetime.timedelta(days=1)):
        write(cast, times)
    step(cast, seen=1 + times, note="New")
    round_ = round_of(cast)
    read.clear()
    with django_assert_num_queries(4):
        news = queries.changes_since(round_, week)
    assert [(change.who, change.key, change.what) for change in news] == [("Ben Carter", "leadership", "Note")]
    # The blank rows of the first day, the new note, and the note before it.
    assert len(read) == 31 + 9 + 1 + 1
