"""
What may be shown of an anonymous survey, so that no published number stands for fewer than five people.

A group under five is hidden. If the total is shown, the hidden groups together are the total less the shown ones, so
they must be five people or none; else the smallest shown group is hidden too, and so on.
"""

from collections.abc import Mapping

LEAST = 5


def shown(counts: Mapping[str, int]) -> frozenset[str] | None:
    """
    The groups that may be shown beside the total, by name; None where the total may not be shown either.

    Whatever is published is a sum over some shown groups, or the total less such a sum: each of these is a set of
    nobody or of at least LEAST people.
    """
    if sum(counts.values()) < LEAST:
        return None
    open_ = {name for name, count in counts.items() if count >= LEAST}
    # In a fixed order: smallest first, then by name.
    for name in sorted(open_, key=lambda group: (counts[group], group)):
        hidden = sum(count for group, count in counts.items() if group not in open_)
        if hidden == 0 or hidden >= LEAST:
            break
        open_.discard(name)
    return frozenset(open_)
