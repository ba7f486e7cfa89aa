"""What the advocate and the respondents send."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from pulse.instrument import Instrument
from pulse.models import Group

MOST = 500


class AddressesForm(forms.Form):
    """Addresses to invite, however they are separated; each once, in lower case."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_("One a line, or separated by commas. Each gets a link of its own that counts once."),
    )

    def clean_addresses(self) -> list[str]:
        found = list(
            dict.fromkeys(part.lower() for part in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if part)
        )
        wrong = [address for address in found if not _is_address(address)]
        if wrong:
            raise ValidationError(_("Not an e-mail address: %(wrong)s"), params={"wrong": ", ".join(wrong[:5])})
        if len(found) > MOST:
            raise ValidationError(_("At most %(most)s addresses at once."), params={"most": MOST})
        return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class PulseForm(forms.Form):
    """One respondent's answers: where they stand, and a number from 1 to 5 for each statement not left out."""

    group = forms.ChoiceField(choices=Group.choices)

    def __init__(self, *args: Any, instrument: Instrument, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument, self.words = instrument, instrument.words[language]
        self.fields["group"].error_messages = dict.fromkeys(("required", "invalid_choice"), self.words["group_missing"])
        points = [(str(number), "") for number in range(1, 6)]
        for key in instrument.keys:
            self.fields[key] = forms.ChoiceField(choices=points, required=False)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.choices():
            raise ValidationError(self.words["nothing"])
        return self.cleaned_data

    def choices(self) -> dict[str, int]:
        """The statements that were answered."""
        given = {key: self.cleaned_data.get(key) for key in self.instrument.keys}
        return {key: int(number) for key, number in given.items() if number}
