"""
How a page that saves itself is answered, the same for every kind of record.

With htmx the answer is a fragment (what was saved, or both texts to choose from); without it, a redirect or the
whole page. Nothing typed is ever lost: a conflict stores nothing and shows everything.
"""

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple, Field, Form, HiddenInput, IntegerField, Textarea
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.dateformat import time_format as format_time
from django.utils.translation import gettext as _

from documents.cells import one_newline
from municipalities.records import Outcome, Record
from municipalities.rules.numbers import grouped, plain
from municipalities.rules.text import hidden_character, readable
from municipalities.wording import day


def check_hidden(value: str) -> None:
    """Raises ValidationError for what hides in a text or turns it round."""
    hidden = hidden_character(value)
    if hidden:
        raise ValidationError(
            _("Take out the hidden control character (%(code)s) and try again."), params={"code": hidden}
        )


def check_characters(value: str) -> None:
    """As `check_hidden`; raises ValidationError for a text with nothing to read too."""
    check_hidden(value)
    if not readable(value):
        raise ValidationError(_("Use at least one letter or digit."))


def check_text(value: str) -> None:
    """As `check_characters`, for a text that may have several lines."""
    check_characters(re.sub(r"[\t\r\n]", " ", value))


class AutosaveForm(Form):
    """A form over some fields of one record, which posts the `version` that its writer saw."""

    def posted(self) -> dict[str, object]:
        """The cleaned fields that were sent; what was not sent stays as it is."""
        return {
            name: _one_kind_of_newline(value)
            for name, value in self.cleaned_data.items()
            if name != "version" and name in self.data
        }

    def problems(self) -> list[str]:
        """What is wrong, a sentence a field, each with the field's name."""
        return [
            f"{self.fields[name].label}: {' '.join(str(e) for e in errors)}" if name in self.fields else str(errors[0])
            for name, errors in self.errors.items()
        ]


class Ticks(CheckboxSelectMultiple):
    """Boxes of which several may be ticked. One value with spaces, as a page of two versions sends it, is several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return [key for value in super().value_from_datadict(data, files, name) or [] for key in value.split()]


class RecordForm(AutosaveForm):
    """
    A form over the fields of one record (`row`; None for a new one), sent as a whole.

    A page of two versions (a conflict) sends only what is chosen there, and says so by ONLY: the rest stays as it is.
    """

    ONLY = "only"
    version = IntegerField(min_value=1, widget=HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, row: Record | None = None, initial: Mapping[str, object] | None = None
    ) -> None:
        stored = {name: getattr(row, name) for name in self.base_fields if name != "version"} if row else {}
        self._sent = set(self.base_fields) if data is None or self.ONLY not in data else set(data)
        whole = None if data is None else self._completed(data, stored)
        super().__init__(whole, initial={**(initial or {}), **stored})
        if row:
            self.initial["version"] = row.version
        else:
            del self.fields["version"]

    def _completed(self, data: QueryDict, stored: Mapping[str, object]) -> MultiValueDict[str, object]:
        missing = {name: value for name, value in stored.items() if name not in self._sent}
        sent: dict[str, Any] = dict(data.lists())
        return MultiValueDict({**sent, **{name: [_shown(value)] for name, value in missing.items()}})

    def posted(self) -> dict[str, object]:
        """The cleaned fields that were sent; several choices as a tuple, as records keep them."""
        return {
            name: tuple(value) if isinstance(value, list) else _one_kind_of_newline(value)
            for name, value in self.cleaned_data.items()
            if name != "version" and name in self._sent
        }


def send_anew(form: Form, **values: object) -> None:
    """Show a refused form as it was typed, but at the state that its writer sees from now on."""
    form.data = MultiValueDict(
        {**dict(cast(QueryDict, form.data).lists()), **{name: [value] for name, value in values.items()}}
    )


def _one_kind_of_newline(value: object) -> object:
    return one_newline(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Choice:
    """One field of a conflict, ready to be shown: `long` texts are edited, short values are chosen."""

    name: str
    label: str
    mine: object
    theirs: object
    mine_label: str
    theirs_label: str
    long: bool


@dataclass(frozen=True)
class ConflictView:
    """
    Both texts side by side: where to send the choice (`action`) and what goes along unseen (`waiting`).

    `only`: the form must be told that the rest stays as it is (RecordForm.ONLY).
    """

    dom: str
    action: str
    back: str
    row: Record
    choices: tuple[Choice, ...]
    waiting: Mapping[str, object]
    only: bool = False


def conflict_view(form: Form, outcome: Outcome[Any], *, dom: str, action: str, back: str) -> ConflictView:
    """The conflict of `outcome` in the words of `form`'s labels and choices."""
    choices = tuple(
        Choice(
            name=c.field,
            label=str(form.fields[c.field].label),
            mine=_shown(c.mine),
            theirs=_shown(c.theirs),
            mine_label=_label(form.fields[c.field], c.mine),
            theirs_label=_label(form.fields[c.field], c.theirs),
            long=isinstance(form.fields[c.field].widget, Textarea),
        )
        for c in outcome.conflicts
    )
    waiting = {name: _shown(value) for name, value in outcome.waiting.items()}
    return ConflictView(dom, action, back, outcome.row, choices, waiting, only=isinstance(form, RecordForm))


def _label(field: Field, value: object) -> str:
    """A value in the words of the page: a choice's label, a date as people write it."""
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, datetime.time):
        return format_time(value, "g:i a")
    if isinstance(value, Decimal):
        return grouped(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list | tuple):
        return ", ".join(str(choices.get(one, one)) for one in value)
    return str(choices.get(value, _shown(value)))


def _shown(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list | tuple):
        return " ".join(value)
    return "" if value is None else value


def saved(
    request: HttpRequest,
    outcome: Outcome[Any],
    *,
    dom: str,
    back: str,
    context: Mapping[str, object] | None = None,
    template: str = "components/_saved.html",
) -> HttpResponse:
    """After a save: the fragment with the new version, or the way back to the page."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Saved."))
        return redirect(back)
    # The page takes over what others changed, or its next save would quietly undo it (static/js/autosave.js).
    foreign = json.dumps({name: _shown(value) for name, value in outcome.foreign.items()}) if outcome.foreign else ""
    return render(request, template, {"row": outcome.row, "dom": dom, "foreign": foreign, **(context or {})})


def conflict_fragment(request: HttpRequest, view: ConflictView) -> HttpResponse:
    """Both texts to choose from, put into the card's own place for it."""
    response = render(request, "components/_conflict.html", {"conflict": view}, status=HTTPStatus.CONFLICT)
    response["HX-Retarget"] = f"#conflict-{view.dom}"
    response["HX-Reswap"] = "innerHTML"
    return response


def refused_fragment(request: HttpRequest, problems: list[str]) -> HttpResponse:
    """Why nothing was saved, in the card's save state."""
    return render(request, "components/_refused.html", {"problems": problems}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
