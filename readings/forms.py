"""What a member sends of their reading, and what the meeting agrees on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.rules.text import control_character
from municipalities.saving import AutosaveForm
from readiness.instrument import Condition
from readiness.models import StepStatus

MOST = 500


class ReadingForm(forms.Form):
    """The steps of one condition: a status and a remark each; what is not sent stays empty."""

    def __init__(self, *args: Any, condition: Condition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.condition = condition
        for step in condition.steps:
            choices = [("", ""), *StepStatus.choices]
            self.fields[f"s-{step.key}"] = forms.ChoiceField(choices=choices, required=False, label=step.statement)
            self.fields[f"r-{step.key}"] = forms.CharField(max_length=MOST, required=False, label=_("Remark"))

    def clean(self) -> dict[str, Any]:
        for step in self.condition.steps:
            name = f"r-{step.key}"
            if control_character(self.cleaned_data.get(name, ""), allowed="\t"):
                self.add_error(name, _("Take out the hidden control character and try again."))
        return self.cleaned_data

    def answers(self) -> dict[str, tuple[str, str]]:
        return {
            step.key: (self.cleaned_data[f"s-{step.key}"], self.cleaned_data[f"r-{step.key}"])
            for step in self.condition.steps
        }


class AgreedForm(AutosaveForm):
    """What the meeting agrees on for one step."""

    status = forms.ChoiceField(label=_("Agreed"), choices=StepStatus)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
