"""Three-way merge of the fields of one record: what was seen, what I typed, what is stored by now."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Conflict:
    """One field that two people changed to different values, neither having seen the other's."""

    field: str
    mine: object
    theirs: object


@dataclass(frozen=True)
class Merge:
    """
    `changes`: field to the value to store, only what differs from `theirs`; where there are `conflicts`, nothing
    is to be stored before a person has chosen.
    """

    changes: Mapping[str, object] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()


def merge(*, seen: Mapping[str, object] | None, mine: Mapping[str, object], theirs: Mapping[str, object]) -> Merge:
    """
    Merge the fields in `mine` into `theirs`.

    `seen` holds the values the writer had before them, or None where they are not known any more: then every
    difference counts as a conflict, since keeping both texts is always safe and choosing for the writer is not.
    """
    changes: dict[str, object] = {}
    conflicts = []
    for name, value in mine.items():
        if value == theirs[name] or (seen is not None and value == seen[name]):
            continue
        if seen is not None and theirs[name] == seen[name]:
            changes[name] = value
        else:
            conflicts.append(Conflict(name, mine=value, theirs=theirs[name]))
    return Merge(changes, tuple(conflicts))
