"""The coverage of sectors and pillars: laws of the pure rule, and the sentences that people read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.models import Sector, Status
from coalition.queries import coverage, coverage_of
from coalition.rules.coverage import Count, State, cover, uncovered
from municipalities.framework import Pillar
from tests import factories
from tests.conftest import Cast

SECTORS, PILLARS = tuple(Sector.values), tuple(Pillar.values)
BEST = [State.NOBODY, State.TALKING, State.COMMITTED]
partners = st.tuples(
    st.sampled_from(SECTORS),
    st.lists(st.sampled_from(PILLARS), unique=True).map(tuple),
    st.sampled_from(Status.values),
    st.integers(1, 3),
)
coalitions = st.lists(partners, max_size=30)


@pytest.mark.parametrize(
    ("statuses", "count", "state"),
    [
        ([], Count(), State.NOBODY),
        (["identified"], Count(known=1), State.NOBODY),
        (["declined"], Count(declined=1), State.NOBODY),
        (["asked"], Count(talking=1), State.TALKING),
        (["in_conversation", "declined"], Count(talking=1, declined=1), State.TALKING),
        (["committed", "asked", "identified"], Count(committed=1, talking=1, known=1), State.COMMITTED),
    ],
)
def test_a_cell_is_as_far_as_the_best_in_it(statuses: list[str], count: Count, state: State):
    (found,) = cover(["faith"], ["work"], [("faith", ("work",), status, 1) for status in statuses])
    assert (found.all, found.by_pillar["work"], found.all.state) == (count, count, state)


@given(coalitions, partners)
def test_one_more_commitment_never_worsens_any_cell(rows: list[Any], more: tuple[Any, ...]):
    sector, covered, _status, count = more
    before, after = (
        cover(SECTORS, PILLARS, rows),
        cover(SECTORS, PILLARS, [*rows, (sector, covered, "committed", count)]),
    )
    for old, new in zip(before, after, strict=True):
        for pillar in ("", *PILLARS):
            was, now = (c.by_pillar[pillar] if pillar else c.all for c in (old, new))
            assert BEST.index(now.state) >= BEST.index(was.state)
    assert set(uncovered(after, PILLARS)) <= set(uncovered(before, PILLARS))
    assert next(c for c in after if c.sector == sector).all.state is State.COMMITTED


@given(coalitions)
def test_nobody_is_lost_or_counted_twice(rows: list[Any]):
    found = cover(SECTORS, PILLARS, rows)
    assert tuple(c.sector for c in found) == SECTORS
    assert sum(c.all.members + c.all.declined for c in found) == sum(row[3] for row in rows)
    for c in found:
        assert all(count.members <= c.all.members for count in c.by_pillar.values())


@given(coalitions, partners)
def test_a_partner_moves_only_its_own_sector_and_pillars(rows: list[Any], more: tuple[Any, ...]):
    before, after = cover(SECTORS, PILLARS, rows), cover(SECTORS, PILLARS, [*rows, more])
    changed = {
        (new.sector, pillar)
        for old, new in zip(before, after, strict=True)
        for pillar in PILLARS
        if old.by_pillar[pillar] != new.by_pillar[pillar]
    }
    assert changed == {(more[0], pillar) for pillar in more[1]}


@given(coalitions.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_does_not_matter(both: tuple[list[Any], list[Any]]):
    assert cover(SECTORS, PILLARS, both[0]) == cover(SECTORS, PILLARS, both[1])


@given(coalitions)
def test_a_pillar_is_uncovered_where_no_cell_of_it_has_anybody(rows: list[Any]):
    talked = {
        pillar for _s, covered, status, _n in rows for pillar in covered if status not in ("identified", "declined")
    }
    assert uncovered(cover(SECTORS, PILLARS, rows), PILLARS) == tuple(p for p in PILLARS if p not in talked)


# --- Sentences --------------------------------------------------------------------------------------------


def all_but(*missing: str) -> list[Any]:
    return [(sector, PILLARS, "committed", 1) for sector in SECTORS if sector not in missing]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ("Nobody is committed or in conversation yet from any of the 12 sectors.",)),
        (all_but(), ("Each of the 12 sectors has somebody committed or in conversation.",)),
        (
            all_but("faith"),
            ("Nobody is committed or in conversation yet from 1 of 12 sectors: Faith-based organizations.",),
        ),
        (
            all_but("research", "residents"),
            (
                "Nobody is committed or in conversation yet from 2 of 12 sectors: "
                "Research organizations and Residents with lived experience.",
                "The guide counts on them above all, and they are absent: "
                "residents with lived experience and research.",
            ),
        ),
        (
            [(sector, ("work",), "asked", 1) for sector in SECTORS],
            (
                "Each of the 12 sectors has somebody committed or in conversation.",
                "No one committed or in conversation speaks to: Opportunity-rich and inclusive neighborhoods, "
                "High-quality education, Healthy environment and access to good health care "
                "and Responsive and just governance.",
            ),
        ),
    ],
)
def test_what_is_missing_is_said(rows: list[Any], said: tuple[str, ...]):
    assert coverage_of(rows).missing == said


def test_known_partners_who_could_fill_a_gap_are_named_but_not_those_of_another_town(cast: Cast):
    for sector in SECTORS:
        if sector not in ("faith", "research"):
            factories.partner(cast.larkspur, sector=sector, status="committed", pillars=PILLARS[:4])
    for n in range(5):
        factories.partner(cast.larkspur, name=f"Church {n}", sector="faith")
    factories.partner(cast.larkspur, name="Town Hall Watch", sector="advocacy", pillars=("governance",))
    factories.partner(cast.larkspur, name="Unasked Lab", sector="research", status="declined")
    factories.partner(cast.fairmont, name="Chapel", sector="faith")
    found = coverage(cast.larkspur, candidates=True)
    assert found.candidates == (
        "Known already and not asked yet: Faith-based: Church 0, Church 1, Church 2 and 2 more; "
        "Governance: Town Hall Watch."
    )
    assert (found.members, found.committed, found.any) == (16, 10, True)
    assert (coverage(cast.fairmont).committed, coverage(cast.fairmont).any) == (0, True)


def test_who_only_declined_is_somebody_but_no_member(cast: Cast):
    factories.partner(cast.larkspur, status="declined")
    found = coverage(cast.larkspur)
    assert (found.members, found.any, found.candidates) == (0, True, "")
    row = next(row for row in found.rows if row.sector == "education")
    assert ([cell.words for cell in row.cells][:2], row.whole.mark) == (["1 declined", "nobody"], "nobody")
