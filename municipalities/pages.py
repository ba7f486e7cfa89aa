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

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


def added(
    request: HttpRequest,
    form: RecordForm,
    words: Mapping[str, object],
    store: Callable[[], HttpResponse | None],
    *,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """
    A form for something new.

    `words` are its title, lead and the way `back`, `more` is what its page shows besides. `store` stores what fits;
    where it cannot, it adds an error to the form and answers nothing, and the form is shown again.
    """
    if request.method == "POST" and form.is_valid():
        stored = store()
        if stored:
            return stored
    status = REFUSED if request.method == "POST" else HTTPStatus.OK
    return render(request, _own(request, "record"), {"form": form, "words": words, **(more or {})}, status=status)


def changed(
    request: HttpRequest,
    seat: Seat,
    row: Record,
    form_of: Callable[..., RecordForm],
    words: Mapping[str, Any],
    change: Callable[..., Any],
    *,
    more: Mapping[str, object] | None = None,
    template: str = "",
) -> HttpResponse:
    """
    A form over a record.

    `form_of` makes it, `change` is the service that stores it; `words` say at least where its page is (`back`), and
    `more` is what the `template` (else the app's own for a record) shows besides.
    """
    template = template or _own(request, "record")
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
        return render(
            request, _own(request, "conflict"), {"conflict": view, "words": words}, status=HTTPStatus.CONFLICT
        )
    messages.success(request, _("Saved: %(name)s.") % {"name": outcome.row})
    return redirect(words["back"])


def gone_page(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """What somebody typed for an entry that is not there any more."""
    hidden = {"csrfmiddlewaretoken", "version", RecordForm.ONLY}
    texts = [", ".join(values) for name, values in typed.lists() if name not in hidden and any(values)]
    return render(request, _own(request, "gone"), {"texts": texts}, status=HTTPStatus.CONFLICT)


def _own(request: HttpRequest, page: str) -> str:
    """The page in the manner of the app that the address belongs to: each has its own way back."""
    assert request.resolver_match  # noqa: S101  # a view runs only behind an address
    return f"{request.resolver_match.app_name}/{page}.html"
