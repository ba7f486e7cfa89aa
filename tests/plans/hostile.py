"""A plan in which every text field of every model that it shows holds something hostile."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.db import models

from accounts.models import User
from coalition.models import Partner, Person
from documents.markdown import named_pictures
from findings.models import Engagement, Finding, Source
from municipalities.fields import LONGEST
from municipalities.framework import Predictor
from municipalities.models import Municipality
from municipalities.records import Record, add, overwrite
from plans.forms import LONG
from plans.models import (
    Acceptance,
    Feedback,
    FeedbackState,
    Picture,
    Plan,
    Publication,
    Release,
    Section,
    fingerprint_of,
)
from plans.queries import plan_document
from preparedness.models import Action
from readiness.models import ConditionAnswer, Evidence, Round, StepAnswer
from readiness.services import Decision, record_determination
from strategy.models import LogicItem, Measure, Part, Priority, ProgressEntry, StrategicAction
from tests import factories
from tests.conftest import Cast

# Whatever would run or be fetched says so.
MARK = "pwned"
RIGHT_TO_LEFT = "תוכנית לפעולה (2026) خطة عمل"
EMOJI = "🎉 👩‍👩‍👧‍👦 👍🏽"
# Slides and briefs show the first few.
SAMPLES: Mapping[str, str] = {
    "script": '<script>pwned()</script><img src=x onerror="pwned()"><svg onload=pwned()><circle r=9 /></svg>',
    "right": RIGHT_TO_LEFT,
    "emoji": EMOJI,
    "attribute": "x\" onfocus=\"pwned()\" autofocus='' <a href='javascript:pwned()'>a</a> --></textarea></title>",
    "fetched": '<iframe src="file:///etc/passwd"></iframe><link href="http://169.254.169.254/p" rel=stylesheet>pwned',
    "style": "<style>@import url(file:///etc/pwned.css);</style> url(http://169.254.169.254/pwned) @page{size:1px}",
    "links": "[a](javascript:pwned()) [b](file:///etc/pwned) ![c](http://169.254.169.254/pwned.svg) <file:///pwned> "
    "[d](http://169.254.43518/pwned) [e](http://0xa9fea9fe/pwned) [f](http://[fe80::1]/pwned) [g](http://127.1/pwned) "
    "[h](data:text/html,pwned) ![i](image:1) [j](vbscript:pwned) [k](http://169。254。169。254/pwned)",
    "address": "http://169.254.169.254/pwned",
    "formula": '=HYPERLINK("http://pwned.example";"pwned")+cmd|\' /C pwned\'!A0',
    "at": "@SUM(1+1)*pwned",
    "template": "{{ settings.SECRET_KEY }}{% load pwned %}${7*7}%s%(n)s{0}{place} </w:t></w:p> ]]> &#0;&lt;pwned",
    "table": "| pwned | b |\n|--|--|\n| c | <svg onload=pwned()> |\n\n# head\n\n- item\n\n```\ncode\n```",
    "word": "W" * LONG,
    "turned": "\u202epwned\u202c \u2066apart \u200fright \u2028line \ufeff\u0007\u001b[31m\u007f\ufffe end",
}
# What no person types: keys, addresses and marks that the product sets.
SET = {
    "key",
    "code",
    "subject",
    "slug",
    "language",
    "kind",
    "sha256",
    "fingerprint",
    "data",
    "file",
    "website",
    "email",
}
# So much of a text that has no bound in the database; the endless word fills its form in one text of each kind.
USUAL = 400
DAY = datetime.date(2026, 6, 30)


def texts(kind: type[models.Model], sample: str) -> dict[str, str]:
    """A value for each text field of a model that people fill in, as long as the field allows."""
    found: dict[str, str] = {}
    most = LONGEST if sample == SAMPLES["word"] else USUAL
    for field in kind._meta.concrete_fields:
        # Exactly these two: what is derived from them holds keys.
        if type(field) in (models.CharField, models.TextField) and not field.choices and field.name not in SET:
            found[field.name] = padded(sample, field.max_length or most)
            most = most if field.max_length else USUAL
    return found


def padded(sample: str, most: int) -> str:
    return ((sample + " ") * (most // len(sample) + 1))[:most].strip()


def fill(cast: Cast) -> Release:
    """Larkspur's plan with every sample in a row of each kind, released as it is; `texts` says in which fields."""
    place, by = cast.larkspur, cast.ana
    overwrite(place, by=by, **texts(Municipality, f"{SAMPLES['script'][:60]} {RIGHT_TO_LEFT} {EMOJI}"))
    User.objects.filter(pk=by.pk).update(name=f"{SAMPLES['script'][:24]} {RIGHT_TO_LEFT}")
    overwrite(Plan.objects.get(municipality=place), by=by, **texts(Plan, SAMPLES["script"]))
    # An alternative text stands on one line: its form sees to that.
    lines = [" ".join(sample.split()) for sample in SAMPLES.values()]
    pictures = [_row(Picture, line, factories.picture(place)) for line in lines]
    for sample in SAMPLES.values():
        _base(place, by, sample)
    _readiness(cast)
    _sections(place, by, pictures)
    return _released(cast)


def _row(kind: type[Record], sample: str, row: Any = None, **fields: Any) -> Any:
    """A new row of a kind, or the one given, with a sample in its texts."""
    values = texts(kind, sample)
    if row is None:
        return add(kind(**values, **fields), by=None)
    overwrite(row, by=None, **values)
    return row


def _base(place: Municipality, by: User, sample: str) -> None:
    """What the plan rests on and what it will do: a row of each kind."""
    partner = _row(Partner, sample, municipality=place, sector="education", listed=True, status="committed")
    _row(Person, sample, partner=partner, listed=True)
    source = _row(Source, sample, municipality=place, quality="weak")
    heard = _row(Engagement, sample, municipality=place, method="session", on=DAY, people=7)
    finding = _row(
        Finding,
        sample,
        municipality=place,
        predictor=Predictor.values[0],
        sources=(str(source.pk),),
        engagements=(str(heard.pk),),
    )
    priority = _row(Priority, sample, municipality=place)
    action = _row(
        StrategicAction,
        sample,
        municipality=place,
        priority=priority,
        findings=(str(finding.pk),),
        partners=(str(partner.pk),),
        starts_on=DAY,
    )
    for part in (Part.INPUT, Part.OUTPUT, Part.LONG):
        item = _row(LogicItem, sample, municipality=place, action=action, part=part)
    measure = _row(Measure, sample, municipality=place, item=item, baseline=Decimal(1), target=Decimal(2))
    _row(ProgressEntry, sample, municipality=place, measure=measure, on=DAY, value=Decimal(-3))
    _row(Action, sample, municipality=place, steps=["leadership.1"], status="doing")
    subject = f"action-{action.pk}"
    _row(Acceptance, sample, municipality=place, code="unled", subject=subject)


def _readiness(cast: Cast) -> None:
    round_ = Round.objects.get(municipality=cast.larkspur)
    samples = cycle(SAMPLES.values())
    for step in StepAnswer.objects.of(round_):
        sample = next(samples)
        _row(StepAnswer, sample, step)
        overwrite(step, by=cast.ana, status="in_place")
        _row(Evidence, sample, step=step, added_by=cast.ana)
    for condition in ConditionAnswer.objects.of(round_):
        _row(ConditionAnswer, next(samples), condition)
        overwrite(condition, by=cast.ana, judged="partly")
    said = padded(SAMPLES["script"], 150)
    decision = Decision(verdict="prepare", decided_on=DAY, rationale=said, name=said, title=said, conditions=said)
    record_determination(round_=round_, decision=decision, by=cast.lena)


def _sections(place: Municipality, by: User, pictures: list[Picture]) -> None:
    samples = cycle(SAMPLES.values())
    for row, picture in zip(Section.objects.filter(plan__municipality=place), cycle(pictures), strict=False):
        body = f"{next(samples)}\n\n{picture.markdown}"[-LONG:]
        assert named_pictures(body)
        overwrite(row, by=by, body=body, status="drafting", owner=by)
        overwrite(row, by=by, returned=padded(SAMPLES["script"], USUAL), returned_by=by, returned_at=row.updated_at)


def longest() -> list[str]:
    """Where each kind of row can be read or changed that holds the endless word."""
    kinds = {
        "findings/findings/": Finding,
        "findings/data/": Source,
        "findings/engagement/": Engagement,
        "strategy/priorities/": Priority,
        "strategy/actions/": StrategicAction,
        "strategy/measures/": Measure,
        "strategy/progress/": ProgressEntry,
        "coalition/partners/": Partner,
    }
    rows = [
        next(row for row in kind.objects.all() if "WWWW" in "".join(getattr(row, name) for name in texts(kind, "x")))
        for kind in kinds.values()
    ]
    return [f"{place}{row.pk}/" for place, row in zip(kinds, rows, strict=True)]


def _released(cast: Cast) -> Release:
    # Its PDF is looked at where it is made.
    document, pdf = plan_document(cast.larkspur), b"%PDF-1.7"
    row = Release(municipality=cast.larkspur, number=1, released_by=cast.ana, data=document.data, pdf=pdf)
    for name, value in texts(Release, SAMPLES["script"]).items():
        setattr(row, name, value)
    row.fingerprint = fingerprint_of(row.data, pdf)
    row.save()
    add(Publication(release=row), by=cast.lena)
    for sample in SAMPLES.values():
        for state in FeedbackState.values:
            _row(Feedback, sample, release=row, language="es", state=state)
    return row
