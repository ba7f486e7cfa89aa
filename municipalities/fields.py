"""Fields that several apps' forms are made of: one line, a longer text, a day, a number."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from municipalities.rules import numbers
from municipalities.saving import check_characters

LONGEST = 20_000


def line(model: Any, name: str, label: Any, *also: Any, **more: Any) -> forms.CharField:
    length = model._meta.get_field(name).max_length
    checks = [check_characters, *also]
    return forms.CharField(label=label, max_length=length, validators=checks, **{"required": False, **more})


def text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **{"required": False, **more})


class ProseField(forms.CharField):
    """Long text. A line break counts as one character, as it does in the browser, which sends two."""

    def __init__(self, *, most: int = LONGEST, **kwargs: Any) -> None:
        message = _("%(show_value)d characters are too many: %(limit_value)d is the most. Divide or shorten the text.")
        kwargs = {"widget": forms.Textarea, "error_messages": {"max_length": message}, **kwargs}
        super().__init__(max_length=most, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **{"required": False, **more})


class NumberField(forms.Field):
    """A number as people type it: 1,250, $4.10, 12%. None where nothing was typed."""

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return numbers.parse(text)
        except ValueError as error:
            raise ValidationError(_("Type a number such as 1,250 or 4.1, with four decimal places at most.")) from error

    def prepare_value(self, value: Any) -> Any:
        return numbers.plain(value) if isinstance(value, Decimal) else value


def number(label: Any, **more: Any) -> NumberField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 40})
    return NumberField(label=label, widget=widget, **{"required": False, **more})
