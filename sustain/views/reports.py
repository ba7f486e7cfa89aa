"""Annual progress reports: begun, written, finished, opened again, taken along."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.finished import Kind
from municipalities import access
from municipalities.access import Seat
from municipalities.pages import REFUSED, added, changed
from municipalities.records import Outcome
from municipalities.saving import refused_fragment
from sustain import queries, services
from sustain.export.files import REPORT_PDF, REPORT_WORD
from sustain.forms import DaysForm, FinishForm, ReportForm
from sustain.models import AnnualReport
from sustain.paper import Paper
from sustain.reporting import own_parts, shown_paper
from sustain.rules.years import proposed
from sustain.views.texts import previewed, taken, with_previews, written

DOM = "report"


def _row(seat: Seat, pk: int) -> AnnualReport:
    rows = AnnualReport.objects.filter(municipality=seat.municipality)
    return get_object_or_404(rows.select_related("municipality", "updated_by", "finished_by"), pk=pk)


def _url(row: AnnualReport) -> str:
    return reverse("sustain:report", args=[row.municipality.slug, row.pk])


def _day_taken() -> str:
    return _("There is a report with that last day already.")


def _frozen() -> str:
    return _("This report is finished, so it cannot be changed until leadership opens it again.")


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """A new report: which days it is about."""
    seat = access.contribute(request, slug)
    newest = next((row.ends_on for row in queries.reports(seat.municipality)), None)
    first, last = proposed(newest, timezone.localdate())
    form = DaysForm(request.POST if request.method == "POST" else None, initial={"starts_on": first, "ends_on": last})

    def store() -> HttpResponse | None:
        try:
            row = services.begin_report(municipality=seat.municipality, values=form.posted(), by=seat.user)
        except services.DayTakenError:
            return form.add_error("ends_on", _day_taken())
        return redirect(_url(row))

    lead = _(
        "The report is drafted from measures, actions and wins; you add what they cannot say. First choose its year."
    )
    words = {"title": _("Begin a report"), "lead": lead, "back": reverse("sustain:sustain", args=[slug])}
    return added(request, form, words, store)


@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change which days a draft is about."""
    seat = access.contribute(request, slug)
    row = _row(seat, pk)
    if row.final:
        messages.error(request, _frozen())
        return redirect(_url(row))
    words = {"title": _("Change the days"), "back": _url(row)}
    try:
        return changed(request, seat, row, DaysForm, words, services.write_report)
    except services.FinishedError:
        messages.error(request, _frozen())
        return redirect(_url(row))
    except services.DayTakenError:
        form = DaysForm(request.POST, row=row)
        form.add_error("ends_on", _day_taken())
        return render(request, "sustain/record.html", {"form": form, "row": row, "words": words}, status=REFUSED)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The report as it reads; whoever contributes writes its texts."""
    if request.method != "POST":
        seat = access.read(request, slug)
        return _page(request, seat, _row(seat, pk))
    seat = access.contribute(request, slug)
    row, form = _row(seat, pk), ReportForm(request.POST)

    def store(seen: int, values: dict[str, object]) -> Outcome[AnnualReport]:
        return services.write_report(municipality=seat.municipality, pk=pk, seen=seen, values=values, by=seat.user)

    def page(status: int, **extra: Any) -> HttpResponse:
        return _page(request, seat, _row(seat, pk), status, **extra)

    try:
        return written(request, form, store, own_parts, page, DOM)
    except services.FinishedError:
        if request.htmx:  # type: ignore[attr-defined]
            return refused_fragment(request, [_frozen()])
        typed = [str(text) for name, text in form.posted().items() if text]
        return _page(request, seat, _row(seat, row.pk), HTTPStatus.CONFLICT, problem=_frozen(), typed=typed)


def _page(
    request: HttpRequest, seat: Seat, row: AnnualReport, status: int = HTTPStatus.OK, **extra: Any
) -> HttpResponse:
    form = extra.pop("form", None) or ReportForm(initial={name: getattr(row, name) for name in AnnualReport.TEXTS})
    writable = seat.contributes and not row.final
    context = {
        "row": row,
        "dom": DOM,
        "paper": shown_paper(row, timezone.localdate()),
        "events": queries.events(row),
        "writable": writable,
        "texts": with_previews(form) if writable else (),
        "preview": reverse("sustain:preview_report", args=[seat.municipality.slug, row.pk]),
        **extra,
    }
    return render(request, "sustain/report.html", context, status=status)


@require_POST
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How the text that was sent would read."""
    _row(access.contribute(request, slug), pk)
    return previewed(request, ReportForm(request.POST))


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What finishing means; its button keeps all that the report shows."""
    seat = access.contribute(request, slug)
    row = _row(seat, pk)
    if row.final:
        return redirect(_url(row))
    form = FinishForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _finish_page(request, row)
    seen, today = form.cleaned_data["version"], timezone.localdate()
    try:
        services.finish_report(municipality=seat.municipality, pk=pk, seen=seen, today=today, by=seat.user)
    except services.ChangedError:
        problem = _("Not finished: somebody changed the report meanwhile. Read it again, then finish it.")
        return _finish_page(request, _row(seat, pk), HTTPStatus.CONFLICT, problem=problem)
    except services.FinishedError:
        return redirect(_url(row))
    messages.success(request, _("Finished: the report stays as it is now."))
    return redirect(_url(row))


def _finish_page(request: HttpRequest, row: AnnualReport, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    paper = shown_paper(row, timezone.localdate())
    early = row.ends_on > timezone.localdate()
    return render(request, "sustain/finish.html", {"row": row, "paper": paper, "early": early, **extra}, status=status)


@require_POST
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A finished report becomes a draft again."""
    # Another town's report is not there, whatever one's role is.
    _row(access.read(request, slug), pk)
    seat = access.approve(request, slug)
    row = services.open_report(municipality=seat.municipality, pk=pk, by=seat.user)
    messages.success(request, _("Opened again: the report follows the plan, and can be changed."))
    return redirect(_url(row))


@require_safe
def pdf(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The report as an accessible PDF."""
    return _file(request, slug, pk, REPORT_PDF)


@require_safe
def docx(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The report as a Word file."""
    return _file(request, slug, pk, REPORT_WORD)


def _file(request: HttpRequest, slug: str, pk: int, kind: Kind[Paper]) -> HttpResponseBase:
    seat = access.read(request, slug)
    row = _row(seat, pk)
    name = f"{slug}-{kind.name}-{row.ends_on:%Y-%m-%d}.{kind.ending}"
    return taken(request, seat, kind, shown_paper(row, timezone.localdate()), name, _url(row))
