"""Pages that are one form over one record: a new one, or a change to one that others may change at the same time."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from coalition.views.partners import REFUSED, conflict_page, gone_page
from municipalities.access import Seat
from municipalities.queries import people
from municipalities.records import Record
from municipalities.saving import RecordForm, conflict_view

TEMPLATE = "coalition/record.html"


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
    kind: type[RecordForm],
    words: Mapping[str, Any],
    change: Callable[..., Any],
) -> HttpResponse:
    """A form over a record; `change` is the service that stores it, `words["back"]` where its page is."""
    form = kind(request.POST if request.method == "POST" else None, row=row)
    context = {"form": form, "row": row, "words": words, "people": people(seat.municipality)}
    if request.method != "POST" or not form.is_valid():
        return render(request, TEMPLATE, context, status=REFUSED if request.method == "POST" else HTTPStatus.OK)
    seen = form.cleaned_data["version"]
    try:
        outcome = change(municipality=seat.municipality, pk=row.pk, seen=seen, values=form.posted(), by=seat.user)
    except ObjectDoesNotExist:
        return gone_page(request, request.POST)
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom="entry", action=request.path, back=words["back"])
        return conflict_page(request, view)
    messages.success(request, _("Saved: %(name)s.") % {"name": outcome.row})
    return redirect(words["back"])
