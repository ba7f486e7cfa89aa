"""Fields that several apps' forms are made of: one line, a longer text, a day, a number."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.cells import one_newline
from municipalities.rules import numbers
from municipalities.rules.text import control_character
from municipalities.saving import check_characters

LONGEST = 20_000
# Of a text with as many characters; each line takes room on paper, however short it is.
LINES = 500
# More columns no page holds, and Word opens no file with more than 63.
COLUMNS = 40
# Word processors break lines with a vertical tab or a form feed.
BREAKS = re.compile(r"\r\n?|\v|\f")


@deconstructible
class MostLines(BaseValidator):
    """No more lines than can be drawn; a line is what ends in a line break, whatever stands in it."""

    code = "lines"
    message = gettext_lazy(
        "%(show_value)d lines are too many: %(limit_value)d is the most. Divide or shorten the text."
    )

    def compare(self, a: Any, b: Any) -> bool:
        return bool(a > b)

    def clean(self, x: Any) -> int:
        return one_newline(str(x)).count("\n") + 1


@deconstructible
class MostColumns(MostLines):
    """No table with more columns than a page holds; a line with so many vertical bars is nothing else."""

    code = "columns"
    message = gettext_lazy(
        "A table with %(show_value)d columns is too wide: %(limit_value)d is the most. Divide it into several."
    )

    def clean(self, x: Any) -> int:
        return max(line.count("|") for line in one_newline(str(x)).split("\n")) - 1


class LineField(forms.CharField):
    """A text on one line, without the control characters that a worksheet would not take either."""

    ALLOWED = "\t"

    def validate(self, value: str) -> None:
        super().validate(value)
        control = control_character(value, allowed=self.ALLOWED)
        if control:
            raise ValidationError(
                _("Take out the hidden control character (%(code)s) and try again."), params={"code": control}
            )


class LongField(LineField):
    """A text of several lines, with one kind of line break."""

    ALLOWED = "\t\n"
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return BREAKS.sub("\n", super().to_python(value) or "")


def line(model: Any, name: str, label: Any, *also: Any, **more: Any) -> forms.CharField:
    length = model._meta.get_field(name).max_length
    checks = [check_characters, *also]
    return forms.CharField(label=label, max_length=length, validators=checks, **{"required": False, **more})


def text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    checks = [MostLines(LINES), *more.pop("validators", ())]
    return forms.CharField(
        label=label, max_length=LONGEST, widget=widget, validators=checks, **{"required": False, **more}
    )


class ProseField(forms.CharField):
    """Long text, in Markdown. A line break counts as one character, as it does in the browser, which sends two."""

    def __init__(self, *, most: int = LONGEST, lines: int = LINES, **kwargs: Any) -> None:
        message = _("%(show_value)d characters are too many: %(limit_value)d is the most. Divide or shorten the text.")
        kwargs = {"widget": forms.Textarea, "error_messages": {"max_length": message}, **kwargs}
        super().__init__(max_length=most, validators=[MostLines(lines), MostColumns(COLUMNS)], **kwargs)

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
