"""What people send about wins, reports and the handover note: every form ends in the types of the domain."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.markdown import is_safe_link
from municipalities import fields
from municipalities.saving import AutosaveForm, RecordForm, Ticks
from sustain.models import Win
from sustain.rules.years import LONGEST, too_long

# With what fits into the field that keeps them.
MOST_CHOSEN = 100
# Three pages each: who writes more hides what matters.
LONG = 10_000
LINES = 300


def check_safe(address: str) -> None:
    """Raises ValidationError for all but http and https, and for an address of the reader's own machine."""
    if not is_safe_link(address):
        raise forms.ValidationError(_("Type an address that everybody can open."))


class WinForm(RecordForm):
    """A win; `choices` are the partners and the actions that it may name, `chosen` the partners that it names."""

    what = fields.line(
        Win, "what", _("What was achieved"), required=True, help_text=_("One sentence that anybody understands.")
    )
    on = fields.day(_("When"), required=True)
    action_id = forms.TypedChoiceField(
        label=_("Strategic action it belongs to"), coerce=int, empty_value=None, required=False
    )
    partners = forms.MultipleChoiceField(
        label=_("Partners to thank"),
        widget=Ticks,
        required=False,
        help_text=_("Those of the coalition who agreed to be named in public."),
    )
    thanks = fields.line(
        Win,
        "thanks",
        _("Who else is to be thanked"),
        help_text=_("People, teams, neighbors, as they wish to be named."),
    )
    evidence = forms.URLField(
        label=_("Evidence"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[check_safe],
        help_text=_("The address of a page, a report or a picture that shows it."),
    )
    public = forms.BooleanField(
        label=_("It may be told in public"),
        required=False,
        help_text=_("The annual report shows only wins that may be told."),
    )

    def __init__(
        self,
        *args: Any,
        choices: Mapping[str, Iterable[tuple[str, str]]],
        chosen: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        partners, action = self.fields["partners"], self.fields["action_id"]
        assert isinstance(partners, forms.MultipleChoiceField)  # noqa: S101
        assert isinstance(action, forms.TypedChoiceField)  # noqa: S101
        partners.choices = list(choices["partners"])
        action.choices = [("", _("None in particular")), *choices["action_id"]]
        if chosen is not None:
            self.initial["partners"] = chosen
        if not partners.choices:
            del self.fields["partners"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(cleaned.get("partners", ())) > MOST_CHOSEN:
            self.add_error("partners", _("Choose at most %(n)s partners.") % {"n": MOST_CHOSEN})
        elif "partners" in cleaned:
            # In the order in which they are kept, so that nothing seems changed that is not.
            cleaned["partners"] = sorted(cleaned["partners"])
        return cleaned


class DaysForm(RecordForm):
    """The days that a report is about."""

    starts_on = fields.day(_("First day"), required=True)
    ends_on = fields.day(
        _("Last day"), required=True, help_text=_("At most a year later: a calendar year, or your fiscal year.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", _("The last day comes after the first."))
        elif first and last and too_long(first, last):
            self.add_error("ends_on", _("A report is about a year: at most %(n)s days.") % {"n": LONGEST})
        return cleaned


def _own(label: Any, hint: Any) -> fields.ProseField:
    widget = forms.Textarea(attrs={"rows": 6, "class": "mp-plan-text js-markdown"})
    return fields.ProseField(most=LONG, lines=LINES, label=label, help_text=hint, required=False, widget=widget)


class ReportForm(AutosaveForm):
    """The report's texts in the team's own words."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    summary = _own(_("Summary"), _("The year in a few sentences: what matters most to council and residents."))
    learned = _own(_("What was learned"), _("What worked, what did not, and why you think so."))
    changes = _own(_("What changes next year"), _("What you will do differently, and what you need for it."))


class HandoverForm(AutosaveForm):
    """The note's texts in the team's own words."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    know = _own(
        _("What to know"), _("How the work came about, who stands behind it, what is delicate. No private matters.")
    )
    first = _own(_("What to do first"), _("The three to five things of the first weeks, the most pressing first."))


class FinishForm(forms.Form):
    """Which version of the report was looked at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
