"""What people send to the launch kit."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from launch.models import LONG, Facts
from municipalities.saving import AutosaveForm, check_characters, check_text

HINTS = {
    "length": _("Such as: nine months."),
    "budget": _("Such as: $120,000."),
    "set_aside_by": _("Such as: the City Council."),
    "pays_for": _("Goes on after “It pays for”, such as: one full-time planner and stipends for residents."),
    "publishes": _("Goes on after “We will publish”, such as: the findings in March and the plan in October."),
    "working_group": _("Who is in it, and how to join."),
    "groups": _("Those for whom moving up is hardest here, in words they would use themselves."),
    "lagging": _("Goes on after “falls behind on”, such as: affordable homes and early reading."),
    "anchors": _("Such as: Larkspur Community College and Mercy Hospital."),
}
WIDE = ("pays_for", "publishes", "plans", "working_group", "groups", "lagging", "anchors")


def _field(name: str) -> forms.Field:
    column = Facts.column(name)
    label, hint = str(column.verbose_name).capitalize(), HINTS.get(name, "")
    if name == "starts_on":
        picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=False, widget=picker)
    widget: forms.Widget = forms.Textarea(attrs={"rows": 2}) if name in WIDE else forms.TextInput()
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=column.max_length,
        widget=widget,
        validators=[check_characters],
    )


class FactsForm(AutosaveForm):
    """All fill-ins that the drafts need and nothing else in the product knows."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields |= {name: _field(name) for name in Facts.FIELDS}


class PartForm(AutosaveForm):
    """The team's own wording of one part, and the draft that its writer saw."""

    text = forms.CharField(
        label=_("Your text"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[check_text],
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
