"""How far several people's readings of one step lie apart."""

from collections.abc import Sequence
from itertools import combinations

from readiness.rules.checklist import Status

# Not yet, under way and in place stand in one order, half the way from each other.
_AT = {Status.NOT_YET: 0.0, Status.UNDER_WAY: 0.5, Status.IN_PLACE: 1.0}


def disagreement(statuses: Sequence[Status]) -> float:
    """
    From 0, where all who read the step say the same, to 1, where half say not yet and half in place.

    The mean distance of two readers, over the most that it can be with so many of them. Who has not answered is left
    out; fewer than two answers cannot differ.
    """
    places = [_AT[status] for status in statuses if status in _AT]
    count = len(places)
    if count < 2:
        return 0.0
    most = (count // 2) * (count - count // 2)
    return sum(abs(left - right) for left, right in combinations(places, 2)) / most
