"""What people send about a municipality and those who belong to it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from municipalities.models import Invitation, Membership, Municipality, Role
from municipalities.saving import check_characters
from municipalities.wording import MEANING


def _line(label: Any, max_length: int | None, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=max_length, validators=[check_characters], **kwargs)


def _roles() -> list[tuple[str, SafeString]]:
    meaning = '{}<span class="usa-radio__label-description">{}</span>'
    return [(role.value, format_html(meaning, role.label, MEANING[role])) for role in Role]


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Role"), choices=_roles, widget=forms.RadioSelect)


def _title_field() -> forms.CharField:
    return _line(
        _("Job title"),
        Membership._meta.get_field("title").max_length,
        required=False,
        help_text=_("For example: Budget director."),
    )


class MunicipalityForm(forms.Form):
    name = _line(
        _("Name"),
        Municipality._meta.get_field("name").max_length,
        help_text=_("In full, as the plan's cover shows it."),
    )
    state = _line(_("State"), Municipality._meta.get_field("state").max_length, required=False)


class SeatForm(forms.Form):
    """A member's role and job title, and the `version` that was on the page."""

    role = _role_field()
    title = _title_field()
    version = forms.IntegerField(widget=forms.HiddenInput)


class InviteForm(forms.Form):
    """Whom to invite; refuses the address of somebody who belongs to the municipality already."""

    name = _line(
        _("Name"),
        Invitation._meta.get_field("name").max_length,
        required=False,
        help_text=_("They can correct it when they join."),
    )
    email = forms.EmailField(label=_("E-mail address"), max_length=Invitation._meta.get_field("email").max_length)
    role = _role_field()
    title = _title_field()

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Membership.objects.filter(municipality=self.municipality, user__email__iexact=email).exists():
            raise ValidationError(_("This person is a member already. You can change their role under Settings."))
        return email


class JoinForm(forms.Form):
    """A new person's name and password."""

    name = _line(
        _("Your name"),
        User._meta.get_field("name").max_length,
        help_text=_("As your colleagues know you; it stands beside what you write."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        help_text=lazy(password_validators_help_text_html, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "password" in cleaned:
            try:
                validate_password(cleaned["password"], User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
