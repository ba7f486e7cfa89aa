"""Which sectors and pillars a coalition covers (guide step 4). Values in, values out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

COMMITTED = "committed"
TALKING = frozenset({"asked", "in_conversation"})
KNOWN = "identified"


class State(StrEnum):
    """How far a sector or a cell is, the best first."""

    COMMITTED = "committed"
    TALKING = "in_conversation"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Count:
    """How many stand behind a cell, by how far the talk with them has come; `known` have not been asked yet."""

    committed: int = 0
    talking: int = 0
    known: int = 0
    declined: int = 0

    @property
    def state(self) -> State:
        """The best that anybody in it has reached: one more commitment never makes it worse."""
        if self.committed:
            return State.COMMITTED
        return State.TALKING if self.talking else State.NOBODY

    @property
    def members(self) -> int:
        """Everybody who has not declined."""
        return self.committed + self.talking + self.known


@dataclass(frozen=True)
class SectorCover:
    """One sector: everybody in it, and of them those who speak to each pillar."""

    sector: str
    all: Count
    by_pillar: Mapping[str, Count]


# One group of partners that look alike: sector, the pillars they cover, how far the talk is, how many they are.
Group = tuple[str, Sequence[str], str, int]


def cover(sectors: Iterable[str], pillars: Sequence[str], groups: Iterable[Group]) -> tuple[SectorCover, ...]:
    """
    The cover of each of `sectors` in their order. A partner that names no pillar counts for its sector alone.

    A status that is neither committed, talked to nor identified (they declined) covers nothing.
    """
    whole: Counter[tuple[str, str, str]] = Counter()
    for sector, covered, status, count in groups:
        for pillar in ("", *covered):
            whole[sector, pillar, status] += count
    return tuple(
        SectorCover(sector, _count(whole, sector, ""), {pillar: _count(whole, sector, pillar) for pillar in pillars})
        for sector in sectors
    )


def _count(whole: Mapping[tuple[str, str, str], int], sector: str, pillar: str) -> Count:
    def how_many(status: str) -> int:
        return whole.get((sector, pillar, status), 0)

    return Count(
        committed=how_many(COMMITTED),
        talking=sum(map(how_many, TALKING)),
        known=how_many(KNOWN),
        declined=how_many("declined"),
    )


def uncovered(covers: Iterable[SectorCover], pillars: Iterable[str]) -> tuple[str, ...]:
    """The pillars that nobody committed or in conversation speaks to, in the order of `pillars`."""
    rows = tuple(covers)
    return tuple(p for p in pillars if all(row.by_pillar[p].state is State.NOBODY for row in rows))
