"""What the findings and the engagement behind them still lack (guide steps 5 and 6). Values in, values out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WEAK = "weak"


@dataclass(frozen=True)
class Finding:
    """`pk`, the parts of the definition it speaks to, whether anything shows it, and the qualities of its data."""

    pk: int
    dimensions: tuple[str, ...]
    metrics: bool
    heard: bool
    qualities: tuple[str, ...]


@dataclass(frozen=True)
class Engagement:
    """`past`: it has taken place; `heard` and `reported`: it is written down what, and that it was reported back."""

    pk: int
    past: bool
    heard: bool
    reported: bool


@dataclass(frozen=True)
class Gap:
    """What is missing (`code`) in which entry (`pk`), or of which part of the definition (`part`)."""

    code: str
    pk: int | None = None
    part: str = ""


def gaps(dimensions: Iterable[str], findings: Iterable[Finding], engagements: Iterable[Engagement]) -> list[Gap]:
    """
    What is missing, the whole before its parts.

    `unspoken`: no finding speaks to a part of the definition; `unheard`: findings, and none that residents told;
    `unfounded`: nothing shows a finding; `weak`: only weak data show it; `unwritten`: it took place, and what was
    heard is not written down; `unreported`: nothing was reported back.
    """
    known, held = tuple(findings), tuple(engagements)
    spoken = {part for finding in known for part in finding.dimensions}
    found = [Gap("unspoken", part=part) for part in dimensions if part not in spoken]
    if known and not any(finding.heard for finding in known):
        found.append(Gap("unheard"))
    return [*found, *_of_findings(known), *_of_engagements(held)]


def _of_findings(findings: Iterable[Finding]) -> Iterator[Gap]:
    for one in findings:
        shown = one.metrics or one.heard
        if not shown and not one.qualities:
            yield Gap("unfounded", one.pk)
        elif not shown and set(one.qualities) == {WEAK}:
            yield Gap("weak", one.pk)


def _of_engagements(engagements: Iterable[Engagement]) -> Iterator[Gap]:
    for one in engagements:
        if one.past and not one.heard:
            yield Gap("unwritten", one.pk)
        if one.past and not one.reported:
            yield Gap("unreported", one.pk)
