"""What people send about priorities, actions, lines and measures: every form ends in the types of the domain."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from municipalities import fields
from municipalities.framework import PREDICTORS
from municipalities.saving import AutosaveForm, RecordForm, Ticks, check_characters, check_hidden
from strategy.models import (
    Better,
    Frequency,
    LogicItem,
    Measure,
    Part,
    Priority,
    ProgressEntry,
    StrategicAction,
    Systems,
)

# With what fits into the field that keeps them.
MOST_CHOSEN = 100
MOST_LINES = 30


class PriorityForm(RecordForm):
    """One of the plan's few priorities."""

    title = fields.line(
        Priority, "title", _("Priority"), required=True, help_text=_("A few words: Homes people can keep.")
    )
    goal = fields.text(_("Goal"), help_text=_("What will be different, by when."))


class ActionForm(RecordForm):
    """An action; `choices` are the priorities it may belong to and the findings it may answer."""

    title = fields.line(StrategicAction, "title", _("What is done"), required=True)
    priority_id = forms.TypedChoiceField(label=_("Priority"), coerce=int)
    predictor = forms.ChoiceField(
        label=_("Predictor it works on"),
        choices=[
            ("", _("Across all pillars")),
            *((pillar.label, [(one.value, one.label) for one in some]) for pillar, some in PREDICTORS.items()),
        ],
        required=False,
    )
    findings = forms.MultipleChoiceField(label=_("Findings it answers"), widget=Ticks, required=False)
    lead = fields.line(
        StrategicAction,
        "lead",
        _("Lead"),
        help_text=_("One person, department or partner who answers for it."),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    starts_on = fields.day(_("Start"))
    ends_on = fields.day(_("End"))
    resources = fields.text(_("Resources"), rows=2, help_text=_("Money, people, places, and where they come from."))
    evidence = fields.text(
        _("Evidence"), rows=2, help_text=_("Why it should work: a study, another town, what residents told.")
    )
    equity = fields.text(_("Equity aim"), rows=2, help_text=_("Who gains first, and which gap closes."))
    systems = forms.MultipleChoiceField(
        label=_("What it changes in the system"),
        choices=Systems.choices,
        widget=Ticks,
        required=False,
        help_text=_("At least one of the six: programs alone rarely last."),
    )

    def __init__(self, *args: Any, choices: Mapping[str, Iterable[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, some in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = list(some)
        if not self.fields["findings"].choices:  # type: ignore[attr-defined]
            del self.fields["findings"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end lies before the start."))
        if len(cleaned.get("findings", ())) > MOST_CHOSEN:
            self.add_error("findings", _("Choose the most important ones: %(n)s at most.") % {"n": MOST_CHOSEN})
        elif "findings" in cleaned:
            # In the order in which they are kept, so that nothing seems changed that is not.
            cleaned["findings"] = sorted(cleaned["findings"])
        return cleaned


class ItemForm(AutosaveForm):
    """The text of one line."""

    version = forms.IntegerField(min_value=1)
    # Shown as a text where two people changed it: both can be read and put together.
    text = fields.line(LogicItem, "text", _("Text"), required=True, widget=forms.Textarea)


def _lines(text: str) -> list[str]:
    """The lines with words in them, without the marks of a pasted list."""
    found = (" ".join(line.split()).lstrip("•·–*- ").strip() for line in text.splitlines())
    return [line for line in found if line]


class LinesForm(forms.Form):
    """New lines for a part of the logic model, one a line."""

    part = forms.ChoiceField(choices=Part.choices)
    texts = forms.CharField(max_length=fields.LONGEST)

    def clean_texts(self) -> list[str]:
        found = _lines(self.cleaned_data["texts"])
        longest = LogicItem._meta.get_field("text").max_length or 0
        if len(found) > MOST_LINES:
            raise ValidationError(_now("Add %(n)s lines at a time at most."), params={"n": MOST_LINES})
        for n, line in enumerate(found, start=1):
            if len(line) > longest:
                raise ValidationError(
                    _now("Line %(n)s is too long: %(longest)s characters at most."), params={"n": n, "longest": longest}
                )
            check_characters(line)
        return found


class MoveForm(forms.Form):
    """Where a row goes: a step up or down, or into a group, before another row."""

    step = forms.TypedChoiceField(choices=[("-1", "up"), ("1", "down")], coerce=int, required=False)
    into = forms.CharField(max_length=20, required=False)
    before = forms.IntegerField(min_value=1, required=False)

    def clean_step(self) -> int:
        return int(self.cleaned_data["step"] or 0)


class PartnerForm(forms.Form):
    """A partner who takes part, or (`out`) no longer does."""

    partner = forms.IntegerField(min_value=1)
    out = forms.BooleanField(required=False)


class MeasureForm(RecordForm):
    """How something is measured."""

    name = fields.line(Measure, "name", _("Measure"), required=True, help_text=_("What is counted, of whom."))
    # A sign alone is a unit too.
    unit = forms.CharField(
        label=_("Unit"),
        max_length=40,
        required=False,
        validators=[check_hidden],
        help_text=_("Such as %, $ or families."),
    )
    better = forms.ChoiceField(
        label=_("Which way is better"),
        choices=[("", _("Neither: it is only watched")), *Better.choices],
        required=False,
    )
    baseline = fields.number(_("Baseline"))
    baseline_on = fields.day(_("Day of the baseline"), help_text=_("Of a year or a quarter: its last day."))
    target = fields.number(_("Target"))
    target_on = fields.day(_("Day of the target"))
    source = fields.line(Measure, "source", _("Source"), help_text=_("Where the numbers come from."))
    method = fields.line(Measure, "method", _("Method"), help_text=_("How they are counted or asked."))
    detail = fields.line(
        Measure, "detail", _("Broken down by"), help_text=_("Such as race and ethnicity, neighborhood, income.")
    )
    frequency = forms.ChoiceField(
        label=_("How often"), choices=[("", _("Not said yet")), *Frequency.choices], required=False
    )
    collector = fields.line(
        Measure,
        "collector",
        _("Who collects it"),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    reported = fields.line(Measure, "reported", _("Where it is reported"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("baseline_on"), cleaned.get("target_on")
        if start and end and end <= start:
            self.add_error("target_on", _("The day of the target must come after the day of the baseline."))
        return cleaned


class ProgressForm(RecordForm):
    """A value of a measure."""

    on = fields.day(_("Day it stands for"), required=True)
    value = fields.number(_("Value"), required=True)
    note = fields.line(ProgressEntry, "note", _("Note"), help_text=_("What explains it."))
