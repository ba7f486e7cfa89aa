"""What people send to the preparedness plan: every form ends in the types of the domain."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from municipalities.saving import RecordForm, Ticks, check_characters
from preparedness.models import Action, ActionStatus
from readiness.instrument import Instrument


class ActionForm(RecordForm):
    """One action. With a `row` it is edited and knows the version that its writer saw."""

    title = forms.CharField(label=_("What is to be done"), max_length=300, validators=[check_characters])
    how = forms.CharField(label=_("How"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    steps = forms.MultipleChoiceField(
        label=_("Steps it lifts"),
        required=False,
        widget=Ticks,
        help_text=_("Once the action is done, these are proposed to be in place."),
    )
    owner = forms.CharField(
        label=_("Owner"),
        required=False,
        max_length=254,
        help_text=_("A member's e-mail address or name puts it under their tasks; other names may stand here too."),
        widget=forms.TextInput(attrs={"list": "people"}),
    )
    due = forms.DateField(
        label=_("Due date"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    resources = forms.CharField(
        label=_("Resources"),
        required=False,
        max_length=20_000,
        help_text=_("Money, people, rooms, time."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    status = forms.ChoiceField(label=_("Status"), choices=ActionStatus)
    reason = forms.CharField(
        label=_("Why it was dropped"),
        required=False,
        max_length=20_000,
        help_text=_("Needed when the status is “Dropped”."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        instrument: Instrument,
        row: Action | None = None,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, row=row, initial={"status": ActionStatus.TODO, **(initial or {})})
        field = self.fields["steps"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [(c.short, [(s.key, s.statement) for s in c.steps]) for c in instrument.conditions]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("status") == ActionStatus.DROPPED and not cleaned.get("reason"):
            self.add_error("reason", _("Write why it is dropped."))
        return cleaned

    def values(self) -> dict[str, object]:
        """The fields that were sent; the steps as a list, as the action keeps them."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self.posted().items()}
