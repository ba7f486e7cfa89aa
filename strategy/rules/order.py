"""Moving one of several ordered groups' rows: actions under priorities, lines under the parts of a logic model."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")
Groups = Mapping[K, Sequence[int]]


def step(groups: Groups[K], pk: int, by: int) -> dict[K, list[int]]:
    """
    Move `pk` one place up (-1) or down (1).

    At the edge of its group it goes on into the next one, at the near end; at the edge of the last one it stays.
    """
    found = {key: list(rows) for key, rows in groups.items()}
    keys = list(found)
    here = next((key for key in keys if pk in found[key]), None)
    if here is None:
        return found
    rows = found[here]
    place = rows.index(pk) + by
    if 0 <= place < len(rows):
        rows.remove(pk)
        rows.insert(place, pk)
        return found
    neighbour = keys.index(here) + by
    if not 0 <= neighbour < len(keys):
        return found
    beyond = found[keys[neighbour]]
    return put(groups, pk, keys[neighbour], beyond[0] if by > 0 and beyond else None)


def put(groups: Groups[K], pk: int, into: K, before: int | None) -> dict[K, list[int]]:
    """Take `pk` out of where it stands and put it into a group, before another row or (None, or unknown) at its end."""
    found = {key: [one for one in rows if one != pk] for key, rows in groups.items()}
    rows = found[into]
    rows.insert(rows.index(before) if before in rows else len(rows), pk)
    return found
