"""The coalition taken away as a file, and a file brought in: columns matched, looked at, applied all or not at all."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from coalition.exchange import columns, planning, uploads, writing
from coalition.exchange.applying import CancelledError, ChangedError, FaultyError, apply
from coalition.exchange.table import MAX_BYTES, TableError, read
from coalition.filters import PartnerFilter
from coalition.models import Partner, Person, Upload
from documents.uploads import clean_name
from municipalities import access
from municipalities.access import Seat

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
SHOWN = 50
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be taken away, of the same filter as the list; a file that is sent here is read and kept."""
    if request.method != "POST":
        return _exchange_page(request, access.contacts(request, slug))
    seat = access.contribute(request, slug)
    file = request.FILES.get("file")
    if file is None or getattr(request, "too_large", False):
        return _exchange_page(request, seat, _("Choose a file (csv or xlsx), at most 5 MB."))
    name = clean_name(file.name or "")
    try:
        table = read(name, file.read(MAX_BYTES + 1))
    except TableError as error:
        return _exchange_page(request, seat, str(error))
    upload = uploads.keep(municipality=seat.municipality, user=seat.user, name=name, table=table)
    return redirect("coalition:columns", slug, upload.pk)


def _exchange_page(request: HttpRequest, seat: Seat, problem: str = "") -> HttpResponse:
    found = PartnerFilter(request.GET, seat)
    context = {
        "problem": problem,
        "count": found.qs.count(),
        "filtered": bool(found.set),
        "hidden": [(name, value) for name, value in found.set.items()],
        "columns": columns.COLUMNS,
    }
    return render(request, "coalition/exchange.html", context, status=REFUSED if problem else HTTPStatus.OK)


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The partners of the filter and their people as a file."""
    seat = access.contacts(request, slug)
    found = PartnerFilter(request.GET, seat).qs
    lived = request.GET.get("lived") == "on"
    content_type, content = _content(kind, found, lived=lived)
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f'attachment; filename="{slug}-coalition.{kind}"'
    return response


def _content(kind: str, partners: QuerySet[Partner], *, lived: bool) -> tuple[str, str | bytes]:
    people = Prefetch("people", Person.objects.order_by("pk"))
    rows = partners.as_read().prefetch_related(people)  # type: ignore[attr-defined]
    if kind == "csv":
        return "text/csv; charset=utf-8", writing.as_csv(rows, lived=lived)
    if kind == "xlsx":
        return EXCEL, writing.as_excel(rows, lived=lived)
    if kind == "vcf":
        everybody = Person.objects.filter(partner__in=partners).as_read()
        return "text/vcard; charset=utf-8", writing.as_vcards(everybody)
    raise Http404


@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty table with the names of the columns."""
    access.contribute(request, slug)
    response = HttpResponse(writing.as_csv([], lived=False), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="coalition.csv"'
    return response


def _mine(request: HttpRequest, slug: str, pk: int) -> tuple[Seat, Upload]:
    """The upload of that number, which nobody but its owner sees."""
    seat = access.contribute(request, slug)
    return seat, get_object_or_404(Upload, municipality=seat.municipality, user=seat.user, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which column of the file is which of ours."""
    _seat, upload = _mine(request, slug, pk)
    if request.method != "POST":
        return _match_page(request, upload, uploads.mapping_of(upload))
    chosen = {n: request.POST.get(f"column-{n}", "") for n in range(len(upload.header))}
    mapping = {n: key for n, key in chosen.items() if key in columns.BY_KEY}
    problems = columns.checked(mapping)
    if problems:
        return _match_page(request, upload, mapping, problems)
    upload.mapping = {str(n): key for n, key in mapping.items()}
    upload.save(update_fields=["mapping"])
    return redirect("coalition:preview", slug, pk)


def _match_page(
    request: HttpRequest, upload: Upload, mapping: dict[int, str], problems: list[str] | None = None
) -> HttpResponse:
    examples = [[cells[n] for _line, cells in upload.rows[:200] if cells[n]][:3] for n in range(len(upload.header))]
    context = {
        "upload": upload,
        "problems": problems or [],
        "columns": columns.COLUMNS,
        # An empty column without a name is nothing to choose.
        "heads": [
            (n, name, examples[n], mapping.get(n, "")) for n, name in enumerate(upload.header) if name or examples[n]
        ],
    }
    return render(request, "coalition/columns.html", context, status=REFUSED if problems else HTTPStatus.OK)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the file would do, and what is wrong with it by line; a POST does it."""
    seat, upload = _mine(request, slug, pk)
    if request.method == "POST":
        return _apply(request, seat, upload)
    return _preview_page(request, seat, upload)


def _preview_page(request: HttpRequest, seat: Seat, upload: Upload) -> HttpResponse:
    plan = planning.plan(seat.municipality, uploads.table_of(upload), uploads.mapping_of(upload))
    context = {
        "upload": upload,
        "plan": plan,
        "faults": plan.faults[:SHOWN],
        "more_faults": max(0, len(plan.faults) - SHOWN),
        "shown": plan.new_partners[:10],
        "changed": [(entry, _differences(entry)) for entry in plan.changed[:SHOWN]],
        "more_changed": max(0, len(plan.changed) - SHOWN),
    }
    return render(request, "coalition/preview.html", context, status=REFUSED if plan.faults else HTTPStatus.OK)


def _differences(entry: Any) -> list[tuple[str, str, str]]:
    """The label of each field that would change, what stands there now and what would."""
    of = "partner" if isinstance(entry, planning.PartnerEntry) else "person"
    labels = {column.field: column.label for column in columns.COLUMNS if column.of == of}
    return [
        (str(labels[name]), writing.words(getattr(entry.row, name)), writing.words(value))
        for name, value in entry.changes.items()
    ]


def _apply(request: HttpRequest, seat: Seat, upload: Upload) -> HttpResponse:
    watch = uploads.Watch(upload)
    watch.begin()
    try:
        plan = apply(
            municipality=seat.municipality,
            table=uploads.table_of(upload),
            mapping=uploads.mapping_of(upload),
            mark=request.POST.get("mark", ""),
            by=seat.user,
            because=_("Import of %(name)s") % {"name": upload.name},
            step=watch.step,
        )
    except CancelledError:
        messages.info(request, _("The import was stopped. Nothing was changed."))
        return _go(request, "coalition:preview", seat.municipality.slug, upload.pk)
    except (ChangedError, FaultyError):
        messages.info(request, _("The coalition was changed meanwhile. Look at it once more, then import."))
        return _go(request, "coalition:preview", seat.municipality.slug, upload.pk)
    finally:
        watch.end()
    upload.delete()
    words = ngettext("%(n)s entry written by %(name)s.", "%(n)s entries written by %(name)s.", plan.total)
    messages.success(request, words % {"n": plan.total, "name": upload.name})
    return _go(request, "coalition:roster", seat.municipality.slug)


def _go(request: HttpRequest, name: str, *args: object) -> HttpResponse:
    """To that page: by a redirect, or told to the script that waited and showed how far it is."""
    url = reverse(name, args=args)
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


@require_safe
def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How far the import is, for the page that waits for it."""
    _seat, upload = _mine(request, slug, pk)
    found = uploads.Watch(upload).progress()
    response = JsonResponse({"done": found.done, "total": found.total})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop an import that goes on; nothing of it is stored."""
    _seat, upload = _mine(request, slug, pk)
    uploads.Watch(upload).stop()
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
def forget(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave the import; nothing of the file is kept."""
    _seat, upload = _mine(request, slug, pk)
    upload.delete()
    messages.info(request, _("Nothing was imported, and nothing of the file is kept."))
    return redirect("coalition:exchange", slug)
