"""Findings, data sources and engagement as plain values, for their pages and for the plan's document."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from findings.models import Engagement, Finding, Source
from findings.rules import gaps as rules
from municipalities.entries import aside
from municipalities.framework import Dimension
from municipalities.models import Municipality


@dataclass(frozen=True)
class FindingLine:
    """A finding and, by name, what shows it."""

    row: Finding
    shown_by: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """
    Something missing in a sentence; `kind` and `pk` say where to mend it (pk None: on that kind's page).

    `code` is the rule that found it, `part` the part of the definition that it is about, if any.
    """

    code: str
    text: str
    kind: str
    pk: int | None = None
    part: str = ""


@dataclass(frozen=True)
class Base:
    """All that the plan rests on; what is set aside stands apart and counts nowhere."""

    findings: tuple[FindingLine, ...]
    sources: tuple[Source, ...]
    engagements: tuple[Engagement, ...]
    aside: Mapping[str, tuple[Finding | Source | Engagement, ...]]
    today: datetime.date
    changed: datetime.datetime | None

    @property
    def stated(self) -> tuple[Finding, ...]:
        """The findings themselves."""
        return tuple(line.row for line in self.findings)

    @property
    def spoken(self) -> tuple[tuple[str, int], ...]:
        """The parts of the definition, and how many findings speak to each."""
        return tuple(
            (str(part.label), sum(part in line.row.dimensions for line in self.findings)) for part in Dimension
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing; nothing is said before the first finding or engagement is there."""
        if not self.findings and not self.engagements:
            return ()
        known = {str(row.pk): row.quality or "unknown" for row in self.sources}
        heard = {str(row.pk) for row in self.engagements}
        findings = [
            rules.Finding(
                row.pk,
                tuple(row.dimensions),
                row.metrics,
                bool(heard & set(row.engagements)),
                tuple(known[pk] for pk in row.sources if pk in known),
            )
            for row in (line.row for line in self.findings)
        ]
        held = [
            rules.Engagement(
                row.pk, row.on is not None and row.on <= self.today, bool(row.heard), bool(row.reported_back)
            )
            for row in self.engagements
        ]
        names = {row.pk: str(row) for row in self.engagements}
        texts = {line.row.pk: str(line.row) for line in self.findings}
        return tuple(_said(gap, texts, names) for gap in rules.gaps(Dimension.values, findings, held))


SAYS = {
    "unspoken": ("findings", gettext_lazy("No finding speaks to this part of the definition: %(what)s.")),
    "unheard": ("findings", gettext_lazy("No finding rests on what residents or stakeholders said.")),
    "unfounded": ("findings", gettext_lazy("Nothing is named that shows this finding: %(what)s")),
    "weak": ("findings", gettext_lazy("Only weak data show this finding: %(what)s")),
    "unwritten": ("engagement", gettext_lazy("What was heard is not written down: %(what)s.")),
    "unreported": ("engagement", gettext_lazy("Nothing was reported back to the people heard: %(what)s.")),
}


def _said(gap: rules.Gap, findings: Mapping[int, str], engagements: Mapping[int, str]) -> Gap:
    kind, sentence = SAYS[gap.code]
    names = findings if kind == "findings" else engagements
    what = str(Dimension(gap.part).label) if gap.part else names.get(gap.pk or 0, "")
    return Gap(gap.code, str(sentence) % {"what": what}, kind, gap.pk, gap.part)


def base(municipality: Municipality, today: datetime.date) -> Base:
    """Everything, in three queries and one for each kind of which something is set aside."""
    findings = tuple(Finding.objects.of(municipality))
    sources = tuple(Source.objects.of(municipality))
    engagements = tuple(Engagement.objects.of(municipality))
    names = {f"s{row.pk}": str(row) for row in sources if not row.set_aside}
    names |= {f"e{row.pk}": str(row) for row in engagements if not row.set_aside}
    return Base(
        findings=tuple(FindingLine(row, _shown_by(row, names)) for row in findings if not row.set_aside),
        sources=tuple(row for row in sources if not row.set_aside),
        engagements=tuple(row for row in engagements if not row.set_aside),
        aside={
            "findings": aside(findings),
            "data": aside(sources),
            "engagement": aside(engagements),
        },
        today=today,
        changed=max((row.updated_at for row in (*findings, *sources, *engagements)), default=None),
    )


def _shown_by(row: Finding, names: Mapping[str, str]) -> tuple[str, ...]:
    keys = [*(f"s{pk}" for pk in row.sources), *(f"e{pk}" for pk in row.engagements)]
    found = [names[key] for key in keys if key in names]
    return ((_("Mobility Metrics"), *found)) if row.metrics else tuple(found)


def choices(municipality: Municipality) -> dict[str, list[tuple[str, str]]]:
    """What a finding may rest on: pairs of number and name, what is set aside included (it may have been chosen)."""
    return {
        "sources": [(str(row.pk), _named(row)) for row in Source.objects.of(municipality)],
        "engagements": [(str(row.pk), _named(row)) for row in Engagement.objects.of(municipality)],
    }


def _named(row: Source | Engagement) -> str:
    return _("%(name)s (set aside)") % {"name": row} if row.set_aside else str(row)
