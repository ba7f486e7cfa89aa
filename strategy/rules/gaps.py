"""What priorities, actions and measures still lack (guide steps 7 and 8). Values in, values out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FEWEST, MOST = 3, 5
OUTCOMES = frozenset({"short", "medium", "long"})
MEASURED = frozenset({"input", "output", *OUTCOMES})


@dataclass(frozen=True)
class Action:
    """`led`: it is known who leads; the `findings` it answers; `systems`: it changes the system; `dated`: from, to."""

    pk: int
    priority: int
    led: bool
    findings: frozenset[int]
    systems: bool
    dated: bool = True


@dataclass(frozen=True)
class Item:
    """A line of an action's logic model, its kind, and how many measures it has."""

    pk: int
    action: int
    kind: str
    measures: int


@dataclass(frozen=True)
class Measure:
    """`aimed`: it has a baseline and a target; `backwards`: the target is the worse of the two."""

    pk: int
    aimed: bool
    backwards: bool


@dataclass(frozen=True)
class Gap:
    """What is missing (`code`), and in what (`pk` of a priority, an action, a line, a measure or a finding)."""

    code: str
    pk: int | None = None
    count: int = 0


def gaps(
    priorities: Iterable[int],
    actions: Iterable[Action],
    items: Iterable[Item],
    measures: Iterable[Measure],
    findings: Iterable[int],
) -> list[Gap]:
    """
    What is missing, the whole before its parts.

    `none`: no priority yet; `few` and `many`: fewer than three or more than five; `programs`: actions, and none that
    changes the system; `idle`: a priority without an action; `unanswered`: a finding that no action answers; of an
    action `unled`, `pointless` (answers no finding), `undated`, `unchanging` (no condition of systems change),
    `fruitless` (no outcome); of a line `unmeasured`; of a measure `aimless` (no baseline or target) and `backwards`.
    """
    known, done, lines = tuple(priorities), tuple(actions), tuple(items)
    return [
        *_of_the_whole(known, done),
        *(Gap("idle", pk) for pk in known if all(one.priority != pk for one in done)),
        *_unanswered(findings, done),
        *_of_actions(done, {line.action for line in lines if line.kind in OUTCOMES}),
        *(Gap("unmeasured", line.pk) for line in lines if line.kind in MEASURED and not line.measures),
        *_of_measures(measures),
    ]


def _of_the_whole(known: tuple[int, ...], done: tuple[Action, ...]) -> Iterator[Gap]:
    if not known:
        yield Gap("none")
    elif len(known) < FEWEST:
        yield Gap("few", count=len(known))
    elif len(known) > MOST:
        yield Gap("many", count=len(known))
    if done and not any(one.systems for one in done):
        yield Gap("programs")


def _unanswered(findings: Iterable[int], done: tuple[Action, ...]) -> Iterator[Gap]:
    answered = {pk for one in done for pk in one.findings}
    return (Gap("unanswered", pk) for pk in findings if pk not in answered)


def _of_actions(done: tuple[Action, ...], fruitful: set[int]) -> Iterator[Gap]:
    some_change = any(one.systems for one in done)
    for one in done:
        if not one.led:
            yield Gap("unled", one.pk)
        if not one.findings:
            yield Gap("pointless", one.pk)
        if not one.dated:
            yield Gap("undated", one.pk)
        # Where none does, the whole is told so once.
        if some_change and not one.systems:
            yield Gap("unchanging", one.pk)
        if one.pk not in fruitful:
            yield Gap("fruitless", one.pk)


def _of_measures(measures: Iterable[Measure]) -> Iterator[Gap]:
    for one in measures:
        if not one.aimed:
            yield Gap("aimless", one.pk)
        elif one.backwards:
            yield Gap("backwards", one.pk)
