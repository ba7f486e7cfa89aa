"""The coverage of the sectors: laws of the pure rule, and the sentence that people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.models import Sector, Status
from coalition.queries import coverage_of
from coalition.rules import coverage
from coalition.rules.coverage import SectorCover, cover

SECTORS = tuple(Sector.values)
members = st.lists(st.tuples(st.sampled_from(SECTORS), st.sampled_from(Status.values)), max_size=40)


def test_the_words_of_the_rule_are_those_of_the_table():
    assert (coverage.COMMITTED, coverage.DECLINED) == (Status.COMMITTED, Status.DECLINED)


@pytest.mark.parametrize(
    ("statuses", "expected", "empty", "waiting"),
    [
        ([], SectorCover("faith", members=0, committed=0), True, 0),
        (["identified"], SectorCover("faith", members=1, committed=0), False, 1),
        (["asked", "in_conversation"], SectorCover("faith", members=2, committed=0), False, 2),
        (["committed", "identified"], SectorCover("faith", members=2, committed=1), False, 1),
        (["declined"], SectorCover("faith", members=0, committed=0, declined=1), True, 0),
        (["declined", "committed"], SectorCover("faith", members=1, committed=1, declined=1), False, 0),
    ],
)
def test_a_sector_counts_who_is_there(statuses: list[str], expected: SectorCover, empty: bool, waiting: int):
    (found,) = cover(["faith"], [("faith", status) for status in statuses])
    assert (found, found.empty, found.waiting) == (expected, empty, waiting)


@given(members)
def test_every_sector_stands_once_in_the_order_of_the_guide(rows: list[tuple[str, str]]):
    assert tuple(c.sector for c in cover(SECTORS, rows)) == SECTORS


@given(members)
def test_nobody_is_lost_or_counted_twice(rows: list[tuple[str, str]]):
    found = cover(SECTORS, rows)
    assert sum(c.members + c.declined for c in found) == len(rows)
    assert sum(c.committed for c in found) == sum(status == "committed" for _sector, status in rows)
    assert all(0 <= c.committed <= c.members for c in found)


@given(members.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_the_roster_does_not_matter(both: tuple[list[tuple[str, str]], list[tuple[str, str]]]):
    assert cover(SECTORS, both[0]) == cover(SECTORS, both[1])


@given(members, st.sampled_from(SECTORS), st.sampled_from(Status.values))
def test_one_more_member_fills_its_sector_and_leaves_the_others(rows: list[tuple[str, str]], sector: str, status: str):
    before, after = cover(SECTORS, rows), cover(SECTORS, [*rows, (sector, status)])
    changed = [new.sector for old, new in zip(before, after, strict=True) if old != new]
    was_empty = {c.sector for c in before if c.empty}
    assert changed == [sector]
    assert {c.sector for c in after if c.empty} == (was_empty if status == "declined" else was_empty - {sector})


@given(members)
def test_the_missing_are_named_and_the_totals_leave_out_who_declined(rows: list[tuple[str, str]]):
    found = coverage_of(rows)
    there = {sector for sector, status in rows if status != "declined"}
    assert found.missing == tuple(sector.label for sector in Sector if sector not in there)
    assert found.members == sum(status != "declined" for _sector, status in rows)


def test_an_empty_roster_is_told_in_one_sentence():
    assert coverage_of([]).sentence == "Nobody is named yet from any of the 12 sectors."


def test_a_full_roster_is_told_in_one_sentence():
    rows = [(sector, "asked") for sector in SECTORS]
    assert coverage_of(rows).sentence == "Each of the 12 sectors has somebody on the roster."


def test_the_missing_sectors_are_named_in_the_sentence():
    rows = [(sector, "asked") for sector in SECTORS if sector not in ("faith", "research")]
    assert coverage_of(rows).sentence == (
        "Nobody is named yet from 2 of 12 sectors: Research organizations and Faith-based organizations."
    )


def test_a_sector_says_in_words_who_is_there():
    rows = [("faith", s) for s in ("committed", "committed", "asked", "declined")] + [("business", "declined")]
    found = {row.sector: row for row in coverage_of([*rows, ("residents", "asked")]).rows}
    words = {sector: row.words for sector, row in found.items()}
    assert [found[s].state for s in ("faith", "residents", "business")] == ["committed", "in_conversation", ""]
    assert (words["faith"], words["business"], words["research"]) == (
        "2 committed, 1 not yet committed, 1 declined", "nobody named, 1 declined", "nobody named",
    )  # fmt: skip
