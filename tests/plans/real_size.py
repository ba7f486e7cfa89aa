"""A plan of real size: 60 pages and more, 5 priorities, 25 actions, 180 measures, 40 findings, 30 pictures."""

import datetime
from decimal import Decimal
from itertools import cycle

from accounts.models import User
from findings.models import Engagement, Finding, Source
from municipalities.entries import add_entry
from municipalities.framework import Dimension, Predictor
from municipalities.models import Municipality
from plans.models import Section
from plans.outline import load
from plans.services import write_section
from strategy import services
from strategy.models import Measure, Part, Systems
from tests import factories

PRIORITIES, ACTIONS, MEASURES, FINDINGS, PICTURES, PAGES = 5, 25, 180, 40, 30, 60
SENTENCE = "Families told us in spring that rents rise faster than pay, and the bus does not come when the shift ends. "
DAY = datetime.date(2026, 6, 30)


def fill(place: Municipality, by: User) -> None:
    """Everything, in a plan that is empty yet."""
    source = add_entry(Source, municipality=place, values={"name": "Filings", "quality": "strong"}, by=by)
    values = {"title": "Supper talks", "method": "session", "on": DAY, "heard": SENTENCE}
    talk = add_entry(Engagement, municipality=place, values=values, by=by)
    predictors = cycle(Predictor.values)
    rests = {"sources": (str(source.pk),), "engagements": (str(talk.pk),), "dimensions": tuple(Dimension.values)}
    findings = [
        add_entry(
            Finding,
            municipality=place,
            values={"text": f"Finding {n}: {SENTENCE.strip()}", "predictor": next(predictors), **rests},
            by=by,
        )
        for n in range(1, FINDINGS + 1)
    ]
    for n in range(1, PRIORITIES + 1):
        values = {"title": f"Priority number {n}", "goal": SENTENCE}
        priority = services.add_priority(municipality=place, values=values, by=by)
        for m in range(1, ACTIONS // PRIORITIES + 1):
            _act(place, by, priority.pk, f"Action {n} of {m}", findings[(n * m) % FINDINGS], eighth=m == 1)
    _write(place, by)


def _act(place: Municipality, by: User, priority: int, title: str, finding: Finding, *, eighth: bool) -> None:
    texts = {"resources": SENTENCE, "evidence": SENTENCE, "equity": SENTENCE}
    values = {"title": title, "priority_id": priority, "findings": (str(finding.pk),), "lead": "Housing", **texts}
    values |= {"starts_on": DAY, "ends_on": DAY.replace(year=2029), "systems": (Systems.POWER,)}
    row = services.add_action(municipality=place, values=values, by=by)
    several = {Part.OUTPUT: 2, Part.SHORT: 2, Part.LONG: 2 if eighth else 1}
    for part in Part:
        lines = [f"{part.label}, line {n} of {title}" for n in range(1, several.get(part, 1) + 1)]
        services.add_items(municipality=place, action=row.pk, part=part, texts=lines, by=by)


def _write(place: Municipality, by: User) -> None:
    pictures = iter([factories.picture(place, f"Street {n}", width=900, height=500) for n in range(PICTURES)])
    services.propose_measures(municipality=place, by=by)
    for row in Measure.objects.of(place):
        said = {"on": DAY, "value": Decimal(3)}
        services.add_progress(municipality=place, measure=row.pk, values=said, by=by)
    for number, section in enumerate(load(), start=1):
        shown = [next(pictures, None) for _ in range(3 if number <= 2 else 2)]
        words = [f"## Part {n} of {section.key}\n\n{SENTENCE * 9}" for n in range(1, 4)]
        images = [picture.markdown for picture in shown if picture]
        row = Section.objects.get(plan__municipality=place, key=section.key)
        values = {"body": "\n\n".join([*words, *images])}
        write_section(municipality=place, key=section.key, seen=row.version, values=values, by=by)
