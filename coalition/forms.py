"""What people send to the roster: every form ends in the types of the domain."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import model_to_dict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from coalition.models import Member, Part, Sector, Status
from municipalities.saving import AutosaveForm, check_characters


def _name(label: Any, max_length: int | None, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=max_length, help_text=help_text, required=False, validators=[check_characters]
    )


class MemberForm(AutosaveForm):
    """One row of the roster. With a `row` it is edited: fields that were not sent keep what the row says."""

    organisation = _name(
        _("Organization"),
        Member._meta.get_field("organisation").max_length,
        _("Leave empty for a resident who speaks for themself."),
    )
    person = _name(
        _("Person"),
        Member._meta.get_field("person").max_length,
        _("Leave empty while you do not know whom to ask."),
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("Choose a sector")), *Sector.choices])
    role = forms.ChoiceField(label=_("Role"), choices=Part)
    status = forms.ChoiceField(label=_("Status"), choices=Status)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        row: Member | None = None,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        stored = model_to_dict(row, Member.FIELDS) if row else {}
        whole = {**stored, **data.dict()} if data is not None else None
        super().__init__(
            whole, initial={"role": Part.PARTNER, "status": Status.IDENTIFIED, **(initial or {}), **stored}
        )
        if row:
            self.initial["version"] = row.version
        else:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("organisation") == cleaned.get("person") == "":
            self.add_error("organisation", _("Name an organization, a person, or both."))
        return cleaned


class FilterForm(forms.Form):
    """What part of the roster to show; every field may be left empty."""

    text = forms.CharField(label=_("Name contains"), required=False, max_length=200)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("All sectors")), *Sector.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("Any status")), *Status.choices], required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["text"].widget.attrs["class"] = "usa-input"
        for name in ("sector", "status"):
            self.fields[name].widget.attrs["class"] = "usa-select"

    def filters(self) -> dict[str, str]:
        """The filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
