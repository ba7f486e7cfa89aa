"""Which sectors a coalition covers (guide step 4). Values in, values out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

COMMITTED = "committed"
DECLINED = "declined"


@dataclass(frozen=True)
class SectorCover:
    """`members` counts everybody who has not declined, `committed` those who have said yes."""

    sector: str
    members: int
    committed: int
    declined: int = 0

    @property
    def empty(self) -> bool:
        """Nobody is named, or everybody who was has declined."""
        return self.members == 0

    @property
    def waiting(self) -> int:
        """Named, but not committed yet."""
        return self.members - self.committed


def cover(sectors: Iterable[str], members: Iterable[tuple[str, str]]) -> tuple[SectorCover, ...]:
    """The cover of each of `sectors`, in their order, from `(sector, status)` pairs; who declined does not count."""
    pairs = Counter(members)
    total: Counter[str] = Counter()
    for (sector, _status), count in pairs.items():
        total[sector] += count
    return tuple(
        SectorCover(
            sector,
            members=total[sector] - pairs[sector, DECLINED],
            committed=pairs[sector, COMMITTED],
            declined=pairs[sector, DECLINED],
        )
        for sector in sectors
    )
