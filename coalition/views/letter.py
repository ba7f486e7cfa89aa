"""The request letter: its draft on a page, as text and as Word."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coalition.export.letter import Letter, as_word, letter
from coalition.models import Partner, Person
from documents.finished import DOCX_TYPE
from municipalities import access
from municipalities.access import Seat
from municipalities.queries import names_by_email


@require_safe
def page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The draft as it reads now, and what is still missing; `?to=` chooses one of the people there."""
    seat = access.contacts(request, slug)
    row, people, chosen = _found(request, seat, pk)
    context = {"row": row, "draft": _draft(seat, row, chosen), "people": people, "chosen": chosen}
    return render(request, "coalition/letter.html", context)


@require_safe
def download(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """The same draft as a file."""
    seat = access.contacts(request, slug)
    row, _people, chosen = _found(request, seat, pk)
    draft = _draft(seat, row, chosen)
    if kind == "txt":
        response = HttpResponse(draft.text, content_type="text/plain; charset=utf-8")
    elif kind == "docx":
        response = HttpResponse(as_word(draft, place=seat.municipality.name), content_type=DOCX_TYPE)
    else:
        raise Http404
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f'attachment; filename="request-{row.pk}.{kind}"'
    return response


def _found(request: HttpRequest, seat: Seat, pk: int) -> tuple[Partner, list[Person], Person | None]:
    row = get_object_or_404(Partner.objects.of(seat.municipality), pk=pk)
    people = list(Person.objects.filter(partner=row).order_by("pk"))
    wanted = request.GET.get("to", "")
    chosen = next((person for person in people if str(person.pk) == wanted), people[0] if people else None)
    return row, people, None if wanted == "all" else chosen


def _draft(seat: Seat, row: Partner, person: Person | None) -> Letter:
    asker = names_by_email(seat.municipality).get(row.asked_by.strip().lower(), row.asked_by)
    return letter(row, person, place=seat.municipality.name, asker=asker, today=timezone.localdate())
