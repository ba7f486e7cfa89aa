"""Comments on the steps and conditions of a round."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.links import link
from comments import pages, services
from comments.forms import CommentForm
from comments.models import Comment
from comments.queries import ThreadView
from municipalities import access
from municipalities.access import Seat
from readiness import queries
from readiness.models import Round
from readiness.queries import subjects
from readiness.views.cards import Card, card_of, current_round, page


def _card(seat: Seat, key: str) -> Card:
    """The card of a step, or of a condition as a whole; 404 for a key that the instrument does not have."""
    return card_of(seat, key, "" if "." in key else "question")


def _place(seat: Seat, key: str) -> str:
    url = reverse("readiness:condition", args=[seat.municipality.slug, queries.condition_of(key)])
    return f"{url}#{queries.dom(key)}-comments"


def _frozen(request: HttpRequest, round_: Round) -> bool:
    if round_.frozen:
        messages.error(request, _("The round is decided and takes no more comments."))
    return round_.frozen


@require_POST
def post(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say something about a step or a condition."""
    seat = access.contribute(request, slug)
    card = _card(seat, key)
    if _frozen(request, card.round):
        return redirect(_place(seat, key))
    form = CommentForm(request.POST)
    if not form.is_valid():
        return page(request, card, HTTPStatus.UNPROCESSABLE_ENTITY, comment_form=form, comment_of=key)
    services.post(
        municipality=seat.municipality,
        subject=f"{subjects(card.round)}{key}",
        text=form.cleaned_data["text"],
        by=seat.user,
        link=_link(seat, key),
    )
    return redirect(_place(seat, key))


def _link(seat: Seat, key: str) -> str:
    home = link("readiness:condition", seat.municipality.slug, queries.condition_of(key))
    return f"{home}#{queries.dom(key)}-comments"


@require_POST
def resolve(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Settle the comments on a step or a condition, or open them again."""
    seat = access.contribute(request, slug)
    card = _card(seat, key)
    if not _frozen(request, card.round):
        services.set_resolved(
            municipality=seat.municipality,
            subject=f"{subjects(card.round)}{key}",
            resolved="reopen" not in request.POST,
            by=seat.user,
        )
    return redirect(_place(seat, key))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say it otherwise, or take it away: one's own comment."""
    seat = access.contribute(request, slug)
    row = pages.own(seat, pk, "round-")
    key = row.subject.rpartition("/")[2]
    if _frozen(request, _round_of(seat, row)):
        return redirect(_place(seat, key))
    place, told = _place(seat, key), _link(seat, key)
    return pages.change(request, seat, row, template="readiness/comment.html", back=place, link=told)


def _round_of(seat: Seat, row: Comment) -> Round:
    for round_ in Round.objects.of(seat.municipality):
        if row.subject.startswith(subjects(round_)):
            return round_
    raise Http404


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """All threads of the current round, open ones first."""
    seat = access.read(request, slug)
    round_ = current_round(seat)

    def lines(shown: Iterable[ThreadView]) -> Iterator[tuple[ThreadView, str, str]]:
        return ((thread, _about(round_, thread), _place(seat, thread.key)) for thread in shown)

    return pages.overview(request, seat, subjects(round_), lines, template="readiness/comments.html", round=round_)


def _about(round_: Round, thread: ThreadView) -> str:
    tool = round_.instrument
    return tool.steps[thread.key].statement if thread.key in tool.steps else tool.by_key[thread.key].name
