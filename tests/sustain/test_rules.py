"""The days of a report, what is due until when, and what changed since a release: values in, values out."""

import datetime

import pytest

from sustain.rules.changes import Change, Kind, Thing, changes
from sustain.rules.years import Due, half_a_year_on, proposed, too_long, upto, within


def d(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("last", "today", "days"),
    [
        (None, "2026-12-01", ("2026-01-01", "2026-12-31")),
        (None, "2027-03-01", ("2026-01-01", "2026-12-31")),
        (None, "2027-07-02", ("2027-01-01", "2027-12-31")),
        ("2026-12-31", "2026-12-01", ("2027-01-01", "2027-12-31")),
        ("2026-06-30", "2026-12-01", ("2026-07-01", "2027-06-30")),
        ("2027-02-28", "2026-12-01", ("2027-03-01", "2028-02-29")),
        ("2028-02-28", "2026-12-01", ("2028-02-29", "2029-02-28")),
    ],
)
def test_the_next_report_is_about_the_year_after_the_last_or_a_calendar_year(
    last: str | None, today: str, days: tuple[str, str]
):
    found = proposed(d(last) if last else None, d(today))
    assert found == (d(days[0]), d(days[1]))
    assert not too_long(*found)


@pytest.mark.parametrize(
    ("first", "last", "long"),
    [
        ("2026-01-01", "2026-12-31", False),
        ("2028-01-01", "2028-12-31", False),
        ("2026-01-01", "2027-01-01", False),
        ("2026-01-01", "2027-01-02", True),
    ],
)
def test_more_than_366_days_are_too_long(first: str, last: str, long: bool):
    assert too_long(d(first), d(last)) is long


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False), (None, False)],
)
def test_a_day_is_within_a_year_with_its_first_and_last(day: str | None, inside: bool):
    assert within(d(day) if day else None, d("2026-01-01"), d("2026-12-31")) is inside


@pytest.mark.parametrize(
    ("today", "after"),
    [
        ("2026-12-01", "2027-06-01"),
        ("2026-01-15", "2026-07-15"),
        ("2026-06-30", "2026-12-30"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-30", "2028-02-29"),
        ("2026-07-01", "2027-01-01"),
    ],
)
def test_half_a_year_on_is_the_same_day_or_the_last_of_the_month(today: str, after: str):
    assert half_a_year_on(d(today)) == d(after)


def test_what_is_due_comes_in_the_order_of_its_days_with_what_is_overdue():
    late, soon, same, far = (
        Due(d("2026-11-01"), "Follow-up", "Call"),
        Due(d("2027-01-02"), "Target", "B"),
        Due(d("2027-01-02"), "Target", "A"),
        Due(d("2027-06-02"), "Meeting", "Far"),
    )
    assert upto([far, soon, same, late], d("2027-06-01")) == (late, same, soon)


def test_changes_are_told_in_the_order_of_now_and_what_is_gone_last():
    before = {"a": Thing("A", "1"), "b": Thing("B", "1"), "c": Thing("C"), "d": Thing("D", "1")}
    now = {"d": Thing("D", "1"), "b": Thing("Bee", "2"), "a": Thing("A", "2"), "e": Thing("E")}
    assert list(changes(before, now)) == [
        Change(Kind.RENAMED, "Bee", "B", "Bee"),
        Change(Kind.CHANGED, "Bee", "1", "2"),
        Change(Kind.CHANGED, "A", "1", "2"),
        Change(Kind.ADDED, "E"),
        Change(Kind.GONE, "C"),
    ]
    assert list(changes(now, now)) == []
