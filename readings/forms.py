"""What a member sends of their reading, and what the meeting agrees on."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from municipalities.rules.text import control_character
from municipalities.saving import AutosaveForm
from readiness.instrument import Instrument
from readiness.models import StepStatus

MOST = 500


class ReadingForm(forms.Form):
    """A status and a remark for each step; a step whose remark was not sent at all stays as it is."""

    def __init__(self, data: QueryDict, *, instrument: Instrument) -> None:
        super().__init__(data)
        self.sent = [step for step in instrument.steps.values() if f"r-{step.key}" in data]
        for step in self.sent:
            choices = [("", ""), *StepStatus.choices]
            self.fields[f"s-{step.key}"] = forms.ChoiceField(choices=choices, required=False, label=step.statement)
            self.fields[f"r-{step.key}"] = forms.CharField(
                max_length=MOST, required=False, label=step.statement, validators=[_check]
            )

    def answers(self) -> dict[str, tuple[str, str]]:
        """What was sent, as it was typed where it is refused."""
        return {step.key: (self._value(f"s-{step.key}"), self._value(f"r-{step.key}")) for step in self.sent}

    def _value(self, name: str) -> str:
        return str(self.cleaned_data.get(name, self.data.get(name, "")))

    def faults(self) -> dict[str, str]:
        """What is wrong, by step."""
        return {name[2:]: " ".join(str(error) for error in errors) for name, errors in self.errors.items()}


def _check(value: str) -> None:
    if control_character(value, allowed="\t"):
        raise ValidationError(_("Take out the hidden control character and try again."))


class AgreedForm(AutosaveForm):
    """What the meeting agrees on for one step."""

    status = forms.ChoiceField(label=_("Agreed"), choices=StepStatus)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
