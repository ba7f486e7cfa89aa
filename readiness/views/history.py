"""The history of a round, to read and to take along."""

from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from municipalities import access
from municipalities.access import Seat
from municipalities.tables import csv_answer
from readiness import queries
from readiness.history_forms import HistoryForm
from readiness.models import Round
from readiness.queries import Entry

A_PAGE = 50


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Fifty entries a page, newest first, of those that pass the filters."""
    round_, form, entries = _found(request, access.read(request, slug))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "round": round_,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "entries": Paginator(entries, A_PAGE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "readiness/history.html", context, status=status)


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """All entries that pass the filters, as CSV; no cell in it is a formula."""
    round_, _form, entries = _found(request, access.read(request, slug))
    head = (_("When"), _("Who"), _("Why"), _("Key"), _("Where"), _("What"), _("From"), _("To"))
    return csv_answer(f"{slug}-round-{round_.number}-history.csv", head, map(_cells, entries))


def _cells(entry: Entry) -> tuple[str, ...]:
    when = timezone.localtime(entry.at).isoformat(timespec="seconds")
    return (when, entry.who, entry.why, entry.key, entry.where, entry.what, entry.before, entry.after)


def _found(request: HttpRequest, seat: Seat) -> tuple[Round, HistoryForm, list[Entry]]:
    """The round that was asked for, the filters, and what passes them."""
    try:
        round_, entries = queries.history_of(seat.municipality, _number(request.GET.get("round", "")))
    except (Round.DoesNotExist, ValueError) as error:
        raise Http404 from error
    form = HistoryForm(request.GET, writers=queries.writers(entries), instrument=round_.instrument)
    wanted = form.filter()
    return round_, form, [entry for entry in entries if wanted.passes(entry)]


def _number(text: str) -> int | None:
    """The number of a round; None for the current one. Raises ValueError."""
    number = int(text) if text else None
    if number is not None and not 0 < number < 2**15:
        raise ValueError(text)
    return number
