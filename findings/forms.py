"""What people send about findings, data and engagement: every form ends in the types of the domain."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from findings.models import Access, Engagement, Finding, Method, Quality, Sensitivity, Source
from municipalities import fields
from municipalities.framework import PREDICTORS, Dimension
from municipalities.saving import RecordForm, Ticks

MOST_PEOPLE = 10_000_000
# With what fits into the field that keeps them: numbers of up to seven digits, and a space.
MOST_CHOSEN = 100


def _known(label: Any, kinds: Any, **more: Any) -> forms.ChoiceField:
    empty = [("", _("Not known yet"))]
    return forms.ChoiceField(label=label, choices=[*empty, *kinds.choices], **{"required": False, **more})


class SourceForm(RecordForm):
    """A source of supplemental data."""

    name = fields.line(Source, "name", _("Name of the data"), required=True)
    holder = fields.line(Source, "holder", _("Who holds it"), help_text=_("An agency, a school district, a partner."))
    years = fields.line(Source, "years", _("Years it covers"))
    geography = fields.line(
        Source, "geography", _("Geography"), help_text=_("What its smallest area is: a tract, a district, the city.")
    )
    detail = fields.line(
        Source,
        "detail",
        _("Can be broken down by"),
        help_text=_("Such as race and ethnicity, gender, age, disability."),
    )
    access = _known(_("Access"), Access)
    quality = _known(_("Quality"), Quality)
    sensitivity = _known(_("Sensitivity"), Sensitivity)
    notes = fields.text(_("Notes"))


class EngagementForm(RecordForm):
    """A time when people were heard."""

    title = fields.line(Engagement, "title", _("Title"), required=True)
    method = forms.ChoiceField(label=_("Method"), choices=[("", _("Choose a method")), *Method.choices])
    on = fields.day(_("Date"))
    purpose = fields.text(_("Purpose"), rows=2)
    reached = fields.text(_("Whom it reached"), rows=2, help_text=_("Which neighborhoods, groups, languages."))
    people = forms.IntegerField(label=_("How many people"), min_value=0, max_value=MOST_PEOPLE, required=False)
    compensation = fields.line(Engagement, "compensation", _("How people were paid for their time"))
    needs = fields.line(
        Engagement, "needs", _("Access needs met"), help_text=_("Interpreters, childcare, transport, step-free rooms.")
    )
    heard = fields.text(_("What was heard"), rows=5)
    reported_back = fields.text(_("How it was reported back to the people heard"), rows=2)
    reported_on = fields.day(_("Reported back on"))


class FindingForm(RecordForm):
    """A finding; `choices` are the sources and engagements that it may rest on."""

    text = fields.line(
        Finding, "text", _("What was found"), required=True, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600})
    )
    predictor = forms.ChoiceField(
        label=_("Predictor it is about"),
        choices=[
            ("", _("Across all pillars")),
            *((pillar.label, [(one.value, one.label) for one in some]) for pillar, some in PREDICTORS.items()),
        ],
        required=False,
    )
    dimensions = forms.MultipleChoiceField(
        label=_("Part of the definition it speaks to"),
        choices=Dimension.choices,
        widget=Ticks,
        required=False,
        help_text=_("Mobility from poverty is all three together."),
    )
    metrics = forms.BooleanField(label=_("The Mobility Metrics show it"), required=False)
    sources = forms.MultipleChoiceField(label=_("Data that show it"), widget=Ticks, required=False)
    engagements = forms.MultipleChoiceField(label=_("Where it was heard"), widget=Ticks, required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Iterable[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, some in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
            field.choices = list(some)
            if not field.choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("sources", "engagements"):
            if len(cleaned.get(name, ())) > MOST_CHOSEN:
                self.add_error(
                    name, _("Choose the most important ones: one finding rests on %(n)s at most.") % {"n": MOST_CHOSEN}
                )
            elif name in cleaned:
                # In the order in which they are kept, so that nothing seems changed that is not.
                cleaned[name] = sorted(cleaned[name])
        return cleaned
