"""What people ask of a round's history."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from readiness.instrument import Instrument
from readiness.queries import Filter


class HistoryForm(forms.Form):
    """The filters of the history; whatever is wrong with one, the others still hold."""

    who = forms.ChoiceField(label=_("Person"), required=False)
    key = forms.ChoiceField(label=_("Condition or step"), required=False)
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, writers: Mapping[str, str], instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who, key = self.fields["who"], self.fields["key"]
        assert isinstance(who, forms.ChoiceField)  # noqa: S101
        assert isinstance(key, forms.ChoiceField)  # noqa: S101
        who.choices = [("", _("Everybody")), *writers.items()]
        key.choices = [("", _("The whole round")), *_places(instrument)]

    def filter(self) -> Filter:
        self.is_valid()
        return Filter(**self.cleaned_data)


def _places(instrument: Instrument) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each condition with its steps under it."""
    return [
        (c.short, [(c.key, str(_("The whole condition"))), *((step.key, step.statement) for step in c.steps)])
        for c in instrument.conditions
    ]
