"""What people send to the coalition: every form ends in the types of the domain."""

import datetime
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.models import (
    Channel,
    FollowUp,
    Kept,
    Lever,
    Meeting,
    Part,
    Partner,
    Person,
    Sector,
    Status,
    WorkingGroup,
)
from documents.cells import one_newline
from municipalities import fields
from municipalities.framework import Pillar
from municipalities.saving import RecordForm, Ticks, check_characters, check_text

MOST_HOURS = 80
# Who speaks for themself is a partner and a person of one name.
PERSON_NAME = MaxLengthValidator(Person._meta.get_field("name").max_length or 0)
PHONE = RegexValidator(r"\A[0-9+()./x #*-]+\Z", _("Use digits, spaces and + ( ) - . / x only."))


class PartnerForm(RecordForm):
    """An organization, or a person who speaks for themself."""

    name = fields.line(Partner, "name", _("Name"), required=True)
    sector = forms.ChoiceField(label=_("Sector"), choices=[("", _("Choose a sector")), *Sector.choices])
    pillars = forms.MultipleChoiceField(
        label=_("Pillars they work on"), choices=Pillar.choices, widget=Ticks, required=False
    )
    levers = forms.MultipleChoiceField(
        label=_("What they can move"), choices=Lever.choices, widget=Ticks, required=False
    )
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")
    notes = fields.text(_("Notes"), help_text=_("Only those who work with the partners read them, not viewers."))
    listed = forms.BooleanField(
        label=_("They agreed to be named in public"),
        required=False,
        help_text=_("The plan and other public documents name only those who did."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, row: Partner | None = None, initial: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(data, row=row, initial=initial)
        if row and row.individual:
            self.fields["name"].validators.append(PERSON_NAME)


class NewPartnerForm(PartnerForm):
    """With somebody there, if anybody is known."""

    individual = forms.BooleanField(
        label=_("This is a person who speaks for themself, not for an organization"), required=False
    )
    field_order = ("name", "individual")
    person = fields.line(
        Person,
        "name",
        _("Whom to talk to there"),
        help_text=_("Leave empty while you do not know, and for a person who speaks for themself."),
    )
    title = fields.line(Person, "title", _("Their title"))
    email = forms.EmailField(label=_("Their e-mail address"), required=False)
    phone = fields.line(Person, "phone", _("Their phone number"), PHONE)
    role = forms.ChoiceField(label=_("Their role in the work"), choices=Part, initial=Part.PARTNER)
    status = forms.ChoiceField(label=_("How far is the request?"), choices=Status, initial=Status.IDENTIFIED)

    def __init__(self, data: QueryDict | None = None, *, sector: str = "") -> None:
        super().__init__(data, initial={"sector": sector, "role": Part.PARTNER, "status": Status.IDENTIFIED})

    def partner(self) -> dict[str, object]:
        """The fields of the partner."""
        return {name: value for name, value in self.posted().items() if name in Partner.FIELDS}

    def somebody(self) -> dict[str, object]:
        """The fields of the person; their name is empty where nobody is known."""
        values = self.cleaned_data
        return {"name": values["person"], **{name: values[name] for name in ("title", "email", "phone", "role")}}

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        reached = any(cleaned.get(name) for name in ("title", "email", "phone"))
        if reached and not cleaned.get("person") and not cleaned.get("individual"):
            self.add_error("person", _("Whose title, e-mail address or phone number is this?"))
        if cleaned.get("individual") and "name" in cleaned:
            try:
                PERSON_NAME(cleaned["name"])
            except forms.ValidationError as error:
                self.add_error("name", error)
        return cleaned


class RequestForm(RecordForm):
    """What is asked of a partner and offered to it, by whom and until when."""

    status = forms.ChoiceField(label=_("How far is the request?"), choices=Status)
    asked_by = fields.line(
        Partner,
        "asked_by",
        _("Who asks"),
        help_text=_("A member's e-mail address or name puts it under their tasks until it is settled."),
        widget=forms.TextInput(attrs={"list": "people"}),
    )
    ask = fields.text(_("What we ask of them"), help_text=_("Such as: a seat in the working group, two hours a month."))
    offer = fields.text(
        _("What we offer them"), help_text=_("Such as: pay for residents' time, data, a voice in the decisions.")
    )
    asked_on = fields.day(_("Asked on"))
    follow_up_on = fields.day(_("Follow up on"))


class PersonForm(RecordForm):
    """Somebody at a partner."""

    name = fields.line(Person, "name", _("Name"), required=True)
    title = fields.line(Person, "title", _("Title"))
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = fields.line(Person, "phone", _("Phone"), PHONE)
    role = forms.ChoiceField(label=_("Role in the work"), choices=Part)
    department = fields.line(Person, "department", _("Department"), help_text=_("For the municipality's own staff."))
    hours = forms.IntegerField(label=_("Hours a week for this work"), required=False, min_value=0, max_value=MOST_HOURS)
    lived_experience = forms.BooleanField(
        label=_("Has lived experience of poverty"),
        required=False,
        help_text=_("Only if they want it written down. It is left out of every export unless it is asked for."),
    )
    listed = forms.BooleanField(label=_("They agreed to be named in public"), required=False)
    account_id = forms.TypedChoiceField(
        label=_("Their account here"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Only if they sign in to this product. It gives them no other rights than their role has."),
    )
    notes = fields.text(
        _("Notes"), rows=2, help_text=_("Only those who work with the partners read them, not viewers.")
    )

    def __init__(
        self, data: QueryDict | None = None, *, accounts: Iterable[tuple[int, str]], row: Person | None = None
    ) -> None:
        super().__init__(data, row=row, initial={"role": Part.PARTNER})
        found = dict(accounts)
        if row and row.account:
            # Somebody who is no member any more stays linked until that is changed.
            found.setdefault(row.account.pk, str(row.account))
        self.fields["account_id"].choices = [("", _("None")), *found.items()]  # type: ignore[attr-defined]


class ContactForm(RecordForm):
    """One line of a partner's log."""

    on = fields.day(_("Date"), required=True)
    channel = forms.ChoiceField(label=_("How"), choices=Channel)
    text = fields.text(_("What was said"), rows=2, required=True, validators=[check_text])

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"on": timezone.localdate(), "channel": Channel.MEETING})

    def clean_on(self) -> datetime.date:
        on: datetime.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Put it under “Follow up on”."))
        return on


class PromiseForm(forms.Form):
    """One statement of the self-check, under its key as the prefix; `version` is 0 where nobody had answered."""

    kept = forms.ChoiceField(choices=[("", ""), *Kept.choices], required=False)
    note = forms.CharField(required=False, max_length=fields.LONGEST)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    def said(self) -> dict[str, object]:
        """The answer and the note; no radio button chosen is no answer."""
        return {"kept": self.cleaned_data["kept"], "note": one_newline(self.cleaned_data["note"])}


class GroupForm(RecordForm):
    """A working group."""

    name = fields.line(WorkingGroup, "name", _("Name"), required=True)
    purpose = fields.text(_("Purpose"), help_text=_("What is the group to bring about, and until when?"))
    pillar = forms.ChoiceField(
        label=_("Pillar"), choices=[("", _("Across all pillars")), *Pillar.choices], required=False
    )
    meets = fields.line(
        WorkingGroup, "meets", _("When and where it meets"), help_text=_("Such as: first Tuesdays, 10 am, library.")
    )
    ended_on = fields.day(_("Ended on"), help_text=_("Only once its work is done. It stays here with its meetings."))


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, widget=widget, required=False)


class MeetingForm(RecordForm):
    """When a meeting is, what for, and what it decided."""

    title = fields.line(Meeting, "title", _("Title"), required=True, help_text=_("Such as: kick-off, second session."))
    on = fields.day(_("Date"), required=True)
    starts = _time(_("From"))
    ends = _time(_("To"))
    place = fields.line(Meeting, "place", _("Place"))
    agenda = fields.text(_("Agenda"))
    decisions = fields.text(
        _("Decisions"), help_text=_("One a line. Who was there and what follows stand on the next page.")
    )
    called_off = forms.BooleanField(label=_("The meeting is called off"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if ends and not starts and "starts" not in self.errors:
            self.add_error("starts", _("When does it begin?"))
        elif starts and ends and ends <= starts:
            self.add_error("ends", _("The end comes before the beginning. A meeting ends on the day it begins."))
        return cleaned


class NewMeetingForm(MeetingForm):
    """Whose meeting it is as well; afterwards that stays."""

    group = forms.ChoiceField(label=_("Who meets"), required=False)
    field_order = ("group",)

    def __init__(self, data: QueryDict | None = None, *, groups: Iterable[WorkingGroup], group: str = "") -> None:
        super().__init__(data, initial={"group": group})
        everybody = ("", _("The Management Team or the whole coalition"))
        self.fields["group"].choices = [everybody, *((row.pk, row.name) for row in groups)]  # type: ignore[attr-defined]

    def whose(self) -> int | None:
        """The number of the group."""
        return int(self.cleaned_data["group"]) if self.cleaned_data["group"] else None

    def posted(self) -> dict[str, object]:
        return {name: value for name, value in super().posted().items() if name != "group"}


class FollowUpForm(RecordForm):
    """What somebody took on."""

    text = fields.line(FollowUp, "text", _("What is to be done"), required=True)
    owner = fields.line(
        FollowUp,
        "owner",
        _("Who does it"),
        help_text=_("A member's e-mail address or name puts it under their tasks."),
        widget=forms.TextInput(attrs={"list": "people"}),
    )
    due = fields.day(_("Until"))


class ChangedFollowUpForm(FollowUpForm):
    """And whether it is done."""

    done = forms.BooleanField(label=_("Done"), required=False)


MOST_SEATS = 500
# The numbers of rows have fewer.
MOST_DIGITS = 19


def number(sent: str) -> int:
    """The number of a row as a page sends it; raises ValueError for what cannot be one."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < MOST_DIGITS):
        raise ValueError(sent)
    return int(sent)


class AttendanceForm(forms.Form):
    """Who came: boxes for those shown, and the names of others."""

    guests = forms.CharField(
        label=_("Others who were there, one name a line"),
        required=False,
        max_length=fields.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_guests(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["guests"].splitlines() if line.strip()]
        if len(names) > MOST_SEATS:
            raise forms.ValidationError(_("At most %(n)s names at a time."), params={"n": MOST_SEATS})
        for name in names:
            check_characters(name)
            PERSON_NAME(name)
        return names

    def numbers(self, name: str) -> set[int]:
        """The numbers that were sent under a name; what is none is passed over."""
        sent = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        found = set()
        for one in sent:
            with suppress(ValueError):
                found.add(number(one))
        return found
