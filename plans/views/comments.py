"""Comments on the sections of the plan and on their paragraphs."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import pages
from comments.forms import CommentForm
from comments.queries import ThreadView
from comments.services import set_resolved
from municipalities import access
from municipalities.access import Seat
from plans import services
from plans.discussion import PREFIX, subject
from plans.forms import PassageForm
from plans.models import Passage, Section
from plans.views.plan import whole
from plans.views.section import section_page


def _place(seat: Seat, row: Passage) -> str:
    return f"{reverse('plans:section', args=[seat.municipality.slug, row.section.key])}#passage-{row.pk}"


def _passage(seat: Seat, pk: int) -> Passage:
    rows = Passage.objects.select_related("section").filter(section__plan__municipality=seat.municipality)
    row: Passage | None = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_POST
def begin(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say something about a section as a whole, or about a paragraph of it."""
    seat = access.contribute(request, slug)
    form = PassageForm(request.POST)
    if not form.is_valid():
        return section_page(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY, comment_form=form, comment_of="new")
    values = form.cleaned_data
    try:
        row = services.comment(
            municipality=seat.municipality, key=key, known_as=values["on"], text=values["text"], by=seat.user
        )
    except Section.DoesNotExist as error:
        raise Http404 from error
    except services.ChangedPassageError:
        form.add_error("on", _("That paragraph has just been changed. Choose again what your comment is about."))
        return section_page(request, seat, key, HTTPStatus.CONFLICT, comment_form=form, comment_of="new")
    return redirect(_place(seat, row))


@require_POST
def post(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Go on with a thread."""
    seat = access.contribute(request, slug)
    row = _passage(seat, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return section_page(request, seat, row.section.key, status, comment_form=form, comment_of=row.pk)
    services.say(municipality=seat.municipality, row=row, text=form.cleaned_data["text"], by=seat.user)
    return redirect(_place(seat, row))


@require_POST
def resolve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Settle a thread, or open it again."""
    seat = access.contribute(request, slug)
    row = _passage(seat, pk)
    set_resolved(
        municipality=seat.municipality, subject=subject(row), resolved="reopen" not in request.POST, by=seat.user
    )
    return redirect(_place(seat, row))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say it otherwise, or take it away: one's own comment."""
    seat = access.contribute(request, slug)
    row = pages.own(seat, pk, PREFIX)
    passage = _passage(seat, int(row.subject.rpartition("/")[2]))
    told = services.passage_link(seat.municipality, passage)
    return pages.change(request, seat, row, template="plans/comment.html", back=_place(seat, passage), link=told)


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """All threads on the plan, open ones first."""
    seat = access.read(request, slug)
    titles = {view.key: view.outline.title for view in whole(seat).sections}
    rows = Passage.objects.select_related("section").filter(section__plan__municipality=seat.municipality)

    def lines(shown: Iterable[ThreadView]) -> Iterator[tuple[ThreadView, str, str]]:
        passages = {str(row.pk): row for row in rows}
        for thread in shown:
            row = passages[thread.key]
            title = titles[row.section.key]
            yield thread, f"{title}: {row.begin}" if row.quote else title, _place(seat, row)

    return pages.overview(request, seat, PREFIX, lines, template="plans/comments.html")
