"""Pages that are one form over one record: a new one, or a change to one that others may change at the same time."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.access import Seat
from municipalities.records import Record
from municipalities.saving import RecordForm, conflict_view

TEMPLATE = "coalition/record.html"
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


def added(
    request: HttpRequest, form: RecordForm, words: Mapping[str, object], store: Callable[[], HttpResponse]
) -> HttpResponse:
    """A form for something new; `words` are its title, lead and the way `back`, `store` stores what fits."""
    context = {"form": form, "words": words}
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    return store() if form.is_valid() else render(request, TEMPLATE, context, status=REFUSED)


def changed(
    request: HttpRequest,
    seat: Seat,
    row: Record,
    form_of: Callable[..., RecordForm],
    words: Mapping[str, Any],
    change: Callable[..., Any],
    *,
    more: Mapping[str, object] | None = None,
    template: str = TEMPLATE,
) -> HttpResponse:
    """
    A form over a record.

    `form_of` makes it, `change` is the service that stores it; `words` say at least where its page is (`back`), and
    `more` is what the `template` shows besides.
    """
    form = form_of(request.POST if request.method == "POST" else None, row=row)
    context = {"form": form, "row": row, "words": words, **(more or {})}
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=REFUSED if request.method == "POST" else HTTPStatus.OK)
    seen = form.cleaned_data["version"]
    try:
        outcome = change(municipality=seat.municipality, pk=row.pk, seen=seen, values=form.posted(), by=seat.user)
    except ObjectDoesNotExist:
        return gone_page(request, request.POST)
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom="entry", action=request.path, back=words["back"])
        return render(request, "coalition/conflict.html", {"conflict": view}, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved: %(name)s.") % {"name": outcome.row})
    return redirect(words["back"])


def gone_page(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """What somebody typed for an entry that is not there any more."""
    hidden = {"csrfmiddlewaretoken", "version", RecordForm.ONLY}
    texts = [", ".join(values) for name, values in typed.lists() if name not in hidden and any(values)]
    return render(request, "coalition/gone.html", {"texts": texts}, status=HTTPStatus.CONFLICT)
