"""One section: its text, its review."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from municipalities import access
from municipalities.access import Seat
from municipalities.records import Outcome
from municipalities.saving import AutosaveForm, conflict_fragment, conflict_view, refused_fragment, saved
from plans import below, discussion, queries, reviews, services
from plans.finished import PDF
from plans.forms import (
    COMMENT,
    LONG,
    MoveForm,
    PreviewForm,
    ReturnForm,
    SectionForm,
)
from plans.models import Section
from plans.rules.progress import Status
from plans.views.plan import whole

DOM = "section"
MOVED = {
    Status.IN_REVIEW: gettext_lazy("Sent for review."),
    Status.APPROVED: gettext_lazy("Section approved."),
    Status.DRAFTING: gettext_lazy("Back to drafting."),
}
REFUSALS = {
    services.Refusal.CHANGED: gettext_lazy(
        "Somebody changed this section since you opened it. Read it again, then decide."
    ),
    services.Refusal.EMPTY: gettext_lazy("The section has no text yet. Write it first, then send it for review."),
    services.Refusal.IMPOSSIBLE: gettext_lazy(
        "The section cannot be moved there from where it stands now. Look at its status again."
    ),
    services.Refusal.WROTE: gettext_lazy(
        "You changed this text last, so another person of leadership approves it. Everything you typed is saved."
    ),
    services.Refusal.ASKED: gettext_lazy("You asked for this review, so another person of leadership approves it."),
    services.Refusal.SAME: gettext_lazy("The section has this text already."),
    services.Refusal.SILENT: gettext_lazy("Write what should change, then return the section with your comment."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Read a section; write its text, its owner, its due date: whichever were sent."""
    if request.method != "POST":
        return section_page(request, access.read(request, slug), key)
    seat = access.contribute(request, slug)
    form = SectionForm(request.POST, owners=owners(seat, key))
    if not form.is_valid():
        return _refused(request, seat, key, form)
    try:
        outcome = services.write_section(**_change(seat, key, form))
    except services.SectionFrozenError:
        return _frozen(request, seat, key, form)
    if outcome.conflicts:
        return _conflict(request, seat, key, form, outcome)
    return _saved(request, seat, key, outcome)


@require_POST
def preview(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """How the text that was sent would read; nothing is stored."""
    seat = access.contribute(request, slug)
    row = Section.objects.filter(plan__municipality=seat.municipality, key=key).first()
    if row is None:
        raise Http404
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    row.body = form.cleaned_data["body"]
    view = queries.as_shown(queries.section_view(row), seat.municipality)
    context = {"view": view, "writable": True}
    return render(request, "plans/partials/_preview.html", context)


@require_POST
def status(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Move a section on or back; what was typed on the way to the button is saved first."""
    seat = access.contribute(request, slug)
    form = MoveForm(request.POST, owners=owners(seat, key))
    if not form.is_valid():
        return _refused(request, seat, key, form)
    wanted = form.cleaned_data["status"]
    try:
        moved = services.move_section(**_change(seat, key, form), status=wanted, approves=seat.approves)
    except services.LeadersOnlyError:
        problem = _("Only leadership approves a section or withdraws its approval.")
        return section_page(request, seat, key, HTTPStatus.FORBIDDEN, form=form, problems=[problem])
    except services.SectionFrozenError:
        return _frozen(request, seat, key, form)
    if moved.outcome.conflicts:
        return _conflict(request, seat, key, form, moved.outcome)
    if moved.refusal:
        messages.error(request, REFUSALS[moved.refusal])
    else:
        messages.success(request, MOVED[wanted])
    # What comes after the # tells the page that the text is stored, moved or not (static/js/plans.js).
    return redirect(section_url(seat, key) + "#stored")


@require_POST
def send_back(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Hand a section back to its writers, with a comment that stands on its page until they ask again."""
    seat = access.approve(request, slug)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        problems = [" ".join(str(error) for error in errors) for errors in form.errors.values()]
        return _not_returned(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY, problems)
    seen, comment = form.cleaned_data["version"], form.cleaned_data["comment"]
    try:
        moved = services.return_section(
            municipality=seat.municipality, key=key, seen=seen, comment=comment, by=seat.user
        )
    except Section.DoesNotExist as error:
        raise Http404 from error
    if moved.refusal:
        silent = moved.refusal is services.Refusal.SILENT
        code = HTTPStatus.UNPROCESSABLE_ENTITY if silent else HTTPStatus.CONFLICT
        return _not_returned(request, seat, key, code, [str(REFUSALS[moved.refusal])])
    messages.success(request, _("Returned with your comment."))
    return redirect(section_url(seat, key))


def _not_returned(request: HttpRequest, seat: Seat, key: str, status: int, problems: list[str]) -> HttpResponse:
    """The page as it stands, the comment in its form again, or to be copied where nothing can be returned any more."""
    comment = request.POST.get("comment", "")
    heading = _("Not returned")
    return section_page(request, seat, key, status, problems=problems, heading=heading, comment=comment)


def _change(seat: Seat, key: str, form: SectionForm) -> dict[str, Any]:
    return {
        "municipality": seat.municipality,
        "key": key,
        "seen": form.cleaned_data["version"],
        "values": form.posted(),
        "by": seat.user,
    }


def owners(seat: Seat, key: str) -> list[tuple[int, str]]:
    """Who may be named as the owner; 404 for a section that the plan does not have."""
    row = Section.objects.filter(plan__municipality=seat.municipality, key=key).select_related("owner").first()
    if row is None:
        raise Http404
    return reviews.owners(reviews.team_of(seat.municipality), row)


def section_page(request: HttpRequest, seat: Seat, key: str, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    try:
        page = whole(seat).section(key)
    except KeyError as error:
        raise Http404 from error
    row = page.view.row
    team = reviews.team_of(seat.municipality) if seat.contributes else ()
    review = reviews.review_of(row, seat.user, team, approves=seat.approves) if seat.contributes else None
    typed = _typed(page, extra["form"]) if "form" in extra else {}
    view = queries.as_shown(page.view, seat.municipality)
    context = {
        **typed,
        "page": page,
        "view": view,
        "moves": page.view.moves(seat.user, approves=seat.approves) if seat.contributes else (),
        "review": review,
        "writable": seat.contributes and not page.view.frozen,
        "outdated": bool(row.approved_as) and below.changed(row, below.current(seat.municipality)),
        "reviewing": seat.approves and row.status == Status.IN_REVIEW,
        "owners": reviews.owners(team, row),
        "comment": None,
        "longest": LONG,
        "longest_comment": COMMENT,
        "choices": discussion.choices(view.blocks) if seat.contributes else (),
        "on": request.GET.get("on", ""),
        "dom": DOM,
        "file_name": PDF.file_name(seat.municipality.slug),
        **extra,
    }
    if context["comment"] and not (review and review.returns):
        context["typed"] = context["comment"]
    return render(request, "plans/section.html", context, status=status)


def _typed(page: queries.SectionPage, form: SectionForm) -> dict[str, object]:
    """What was typed and not stored: in the form again, or to be copied where nobody can write any more."""
    if page.view.frozen:
        return {"typed": form.data.get("body", "")}
    page.retype(form.typed())
    return {}


def _saved(request: HttpRequest, seat: Seat, key: str, outcome: Outcome[Section]) -> HttpResponse:
    row, approves = outcome.row, seat.approves
    view = queries.as_shown(queries.section_view(row), seat.municipality)
    reviewing = approves and row.status == Status.IN_REVIEW
    # Only where it differs: a button that is exchanged while somebody presses it would not be pressed.
    moved = "status" in outcome.changed or (reviewing and "body" in outcome.changed)
    team = reviews.team_of(seat.municipality) if moved and reviewing else ()
    context = {
        "view": view,
        "seat": seat,
        "writable": True,
        "moves": view.moves(seat.user, approves=approves),
        "moved": moved,
        "reviewing": reviewing,
        "review": reviews.review_of(row, seat.user, team, approves=approves) if moved else None,
        "choices": discussion.choices(view.blocks) if "body" in outcome.changed else (),
    }
    template = "plans/partials/_saved.html"
    return saved(request, outcome, dom=DOM, back=section_url(seat, key), context=context, template=template)


def section_url(seat: Seat, key: str) -> str:
    return reverse("plans:section", args=[seat.municipality.slug, key])


def _refused(request: HttpRequest, seat: Seat, key: str, form: AutosaveForm) -> HttpResponse:
    problems = form.problems()
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, problems)
    return section_page(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY, form=form, problems=problems)


def _conflict(
    request: HttpRequest, seat: Seat, key: str, form: AutosaveForm, outcome: Outcome[Section]
) -> HttpResponse:
    url = section_url(seat, key)
    view = conflict_view(form, outcome, dom=DOM, action=url, back=url)
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_fragment(request, view)
    return section_page(request, seat, key, HTTPStatus.CONFLICT, conflict=view)


def _frozen(request: HttpRequest, seat: Seat, key: str, form: AutosaveForm) -> HttpResponse:
    """The approved text stays; what was typed is shown once more, to be copied."""
    problem = _("Leadership has approved this section, so it cannot be changed until the approval is withdrawn.")
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, [problem])
    return section_page(request, seat, key, HTTPStatus.CONFLICT, form=form, problems=[problem])
