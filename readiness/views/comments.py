"""Comments on the steps and conditions of a round."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.links import link
from comments import queries as comments
from comments import services
from comments.models import Comment
from comments.queries import ThreadView
from municipalities import access
from municipalities.access import Seat
from readiness import queries
from readiness.forms import CommentForm
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
    row, key = _own(seat, pk)
    if _frozen(request, _round_of(seat, row)):
        return redirect(_place(seat, key))
    form = CommentForm(request.POST or None, initial={"text": row.text})
    if request.method != "POST" or ("remove" not in request.POST and not form.is_valid()):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "readiness/comment.html", {"form": form, "back": _place(seat, key)}, status=status)
    if "remove" in request.POST:
        services.take_away(municipality=seat.municipality, pk=pk, by=seat.user)
        messages.success(request, _("Comment removed."))
    else:
        text = form.cleaned_data["text"]
        services.edit(municipality=seat.municipality, pk=pk, text=text, by=seat.user, link=_link(seat, key))
    return redirect(_place(seat, key))


def _own(seat: Seat, pk: int) -> tuple[Comment, str]:
    row: Comment = get_object_or_404(Comment.objects.all(), municipality=seat.municipality, pk=pk, author=seat.user)
    return row, row.subject.rpartition("/")[2]


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
    found = comments.threads(seat.municipality, subjects(round_)).newest_first
    show = request.GET.get("show", "")
    mine = comments.mentioning(seat.municipality, subjects(round_), seat.user) if show == "me" else frozenset()
    tests = {
        "open": lambda thread: thread.open,
        "resolved": lambda thread: not thread.open,
        "me": lambda thread: thread.subject in mine,
    }
    shown = [thread for thread in found if show not in tests or tests[show](thread)]
    lines = [(thread, _about(round_, thread), _place(seat, thread.key)) for thread in shown]
    context = {"round": round_, "lines": lines, "show": show, "total": len(found)}
    return render(request, "readiness/comments.html", context)


def _about(round_: Round, thread: ThreadView) -> str:
    tool = round_.instrument
    return tool.steps[thread.key].statement if thread.key in tool.steps else tool.by_key[thread.key].name
