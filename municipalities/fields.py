"""Fields that several apps' forms are made of: one line, a longer text, a day."""

from typing import Any

from django import forms

from municipalities.saving import check_characters

LONGEST = 20_000


def line(model: Any, name: str, label: Any, *also: Any, **more: Any) -> forms.CharField:
    length = model._meta.get_field(name).max_length
    checks = [check_characters, *also]
    return forms.CharField(label=label, max_length=length, validators=checks, **{"required": False, **more})


def text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **{"required": False, **more})


def day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **{"required": False, **more})
