"""The pages that every app with threads shows alike; whoever calls them has seen that the subject takes comments."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from comments import services
from comments.forms import CommentForm
from comments.models import Comment
from comments.queries import ThreadView, mentioning, threads
from municipalities.access import Seat


def own(seat: Seat, pk: int, prefix: str) -> Comment:
    """One's own comment on a subject that begins so; 404 for anything else."""
    rows = Comment.objects.about(seat.municipality, prefix)
    row: Comment = get_object_or_404(rows, pk=pk, author=seat.user)
    return row


def change(request: HttpRequest, seat: Seat, row: Comment, *, template: str, back: str, link: str) -> HttpResponse:
    """Say it otherwise, or take it away; `link` leads there from an e-mail."""
    form = CommentForm(request.POST or None, initial={"text": row.text})
    if request.method != "POST" or ("remove" not in request.POST and not form.is_valid()):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, template, {"form": form, "back": back}, status=status)
    if "remove" in request.POST:
        services.take_away(municipality=seat.municipality, pk=row.pk, by=seat.user)
        messages.success(request, _("Comment removed."))
    else:
        text = form.cleaned_data["text"]
        services.edit(municipality=seat.municipality, pk=row.pk, text=text, by=seat.user, link=link)
    return redirect(back)


def overview(
    request: HttpRequest,
    seat: Seat,
    prefix: str,
    lines: Callable[[Iterable[ThreadView]], Iterable[tuple[ThreadView, str, str]]],
    *,
    template: str,
    **more: Any,
) -> HttpResponse:
    """
    All threads on subjects that begin so, open ones first; or those that are open, resolved, or mention the reader.

    `lines` gives each thread the words it is about and its address.
    """
    found = threads(seat.municipality, prefix).newest_first
    show = request.GET.get("show", "")
    mine = mentioning(seat.municipality, prefix, seat.user) if show == "me" else frozenset()
    tests = {
        "open": lambda thread: thread.open,
        "resolved": lambda thread: not thread.open,
        "me": lambda thread: thread.subject in mine,
    }
    shown = [thread for thread in found if show not in tests or tests[show](thread)]
    return render(request, template, {"lines": lines(shown), "show": show, "total": len(found), **more})
