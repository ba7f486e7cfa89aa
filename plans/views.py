"""Pages of the plan: enter through the gate, call one function, render."""

import logging
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.cache import key as content_key
from documents.pdf import RenderError
from municipalities import access
from municipalities.access import Seat
from municipalities.records import Outcome
from municipalities.saving import AutosaveForm, conflict_fragment, conflict_view, refused_fragment, saved
from plans import checks as checking
from plans import pictures, queries, reviews, services
from plans.finished import file_name, finished
from plans.forms import (
    COMMENT,
    LONG,
    AcceptForm,
    MoveForm,
    PictureForm,
    PlanForm,
    PreviewForm,
    ReturnForm,
    SectionForm,
)
from plans.models import Acceptance, Picture, Plan, Section
from plans.rules.progress import Status

logger = logging.getLogger(__name__)

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


# --- The plan ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The outline with everybody's progress; its form names the plan and its paper."""
    seat = access.contribute(request, slug) if request.method == "POST" else access.read(request, slug)
    if request.method != "POST":
        return _plan_page(request, seat)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, seat, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    back = reverse("plans:plan", args=[slug])
    try:
        outcome = services.change_plan(
            municipality=seat.municipality, seen=form.cleaned_data["version"], values=form.posted(), by=seat.user
        )
    except Plan.DoesNotExist as error:
        raise Http404 from error
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom="plan", action=back, back=back)
        return _plan_page(request, seat, HTTPStatus.CONFLICT, conflict=view)
    messages.success(request, _("Title and paper saved."))
    return redirect(back)


def _plan_page(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    page = _whole(seat)
    initial = {"title": page.plan.title, "paper": page.plan.paper, "version": page.plan.version}
    context = {
        "page": page,
        "to_review": page.to_review(seat.user) if seat.approves else None,
        "form": PlanForm(initial=initial),
        "file_name": file_name(seat.municipality),
        **extra,
    }
    return render(request, "plans/plan.html", context, status=status)


def _whole(seat: Seat) -> queries.PlanPage:
    try:
        return queries.plan_page(seat.municipality)
    except Plan.DoesNotExist as error:
        raise Http404 from error


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The whole plan as a file; a browser that has it as it stands is told so."""
    seat = access.read(request, slug)
    try:
        document = queries.plan_document(seat.municipality)
        known_as = content_key(document)
        etag = quote_etag(known_as)
        unchanged = get_conditional_response(request, etag=etag)
        response = unchanged or HttpResponse(finished(document, known_as=known_as), content_type="application/pdf")
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except RenderError:
        logger.exception("The plan of %s could not be made into a PDF.", slug)
        return render(request, "plans/not_exported.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(seat.municipality)}"'
    return response


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan as data, as it stands now; `plans/export/plan.schema.json` says how it is built."""
    seat = access.read(request, slug)
    try:
        text = queries.plan_document(seat.municipality).data
    except ObjectDoesNotExist as error:
        raise Http404 from error
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-mobility-action-plan.json"'
    return response


# --- The plan checks itself -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest, slug: str) -> HttpResponse:
    """All that the plan lacks; its forms accept one of them with a reason."""
    if request.method != "POST":
        return _checks_page(request, access.read(request, slug))
    seat = access.contribute(request, slug)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        problems = [str(error) for errors in form.errors.values() for error in errors]
        return _checks_page(request, seat, HTTPStatus.UNPROCESSABLE_ENTITY, refused=form.data, problems=problems)
    told = form.cleaned_data
    found = checking.checks(seat.municipality, timezone.localdate()).find(told["code"], told["subject"])
    if found is None:
        messages.info(request, _("That is not missing any more."))
    else:
        services.accept(municipality=seat.municipality, by=seat.user, **told)
        messages.success(request, _("Accepted: %(text)s") % {"text": found.text})
    return redirect("plans:checks", slug)


def _checks_page(request: HttpRequest, seat: Seat, status: int = HTTPStatus.OK, **extra: Any) -> HttpResponse:
    try:
        found = checking.checks(seat.municipality, timezone.localdate())
    except Plan.DoesNotExist as error:
        raise Http404 from error
    return render(request, "plans/checks.html", {"checks": found, **extra}, status=status)


@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was accepted counts as missing again."""
    seat = access.contribute(request, slug)
    try:
        services.take_back(municipality=seat.municipality, pk=pk, by=seat.user)
    except Acceptance.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("It counts as missing again."))
    return redirect("plans:checks", slug)


# --- One section ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Read a section; write its text, its owner, its due date: whichever were sent."""
    if request.method != "POST":
        return _section_page(request, access.read(request, slug), key)
    seat = access.contribute(request, slug)
    form = SectionForm(request.POST, owners=_owners(seat, key))
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
    view = queries.with_pictures(queries.section_view(row), seat.municipality)
    context = {"view": view, "writable": True}
    return render(request, "plans/partials/_preview.html", context)


@require_POST
def status(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Move a section on or back; what was typed on the way to the button is saved first."""
    seat = access.contribute(request, slug)
    form = MoveForm(request.POST, owners=_owners(seat, key))
    if not form.is_valid():
        return _refused(request, seat, key, form)
    wanted = form.cleaned_data["status"]
    try:
        moved = services.move_section(**_change(seat, key, form), status=wanted, approves=seat.approves)
    except services.LeadersOnlyError:
        problem = _("Only leadership approves a section or withdraws its approval.")
        return _section_page(request, seat, key, HTTPStatus.FORBIDDEN, form=form, problems=[problem])
    except services.SectionFrozenError:
        return _frozen(request, seat, key, form)
    if moved.outcome.conflicts:
        return _conflict(request, seat, key, form, moved.outcome)
    if moved.refusal:
        messages.error(request, REFUSALS[moved.refusal])
    else:
        messages.success(request, MOVED[wanted])
    # What comes after the # tells the page that the text is stored, moved or not (static/js/plans.js).
    return redirect(_url(seat, key) + "#stored")


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
    return redirect(_url(seat, key))


def _not_returned(request: HttpRequest, seat: Seat, key: str, status: int, problems: list[str]) -> HttpResponse:
    """The page as it stands, the comment in its form again, or to be copied where nothing can be returned any more."""
    comment = request.POST.get("comment", "")
    heading = _("Not returned")
    return _section_page(request, seat, key, status, problems=problems, heading=heading, comment=comment)


def _change(seat: Seat, key: str, form: SectionForm) -> dict[str, Any]:
    return {
        "municipality": seat.municipality,
        "key": key,
        "seen": form.cleaned_data["version"],
        "values": form.posted(),
        "by": seat.user,
    }


def _owners(seat: Seat, key: str) -> list[tuple[int, str]]:
    """Who may be named as the owner; 404 for a section that the plan does not have."""
    row = Section.objects.filter(plan__municipality=seat.municipality, key=key).select_related("owner").first()
    if row is None:
        raise Http404
    return reviews.owners(reviews.team_of(seat.municipality), row)


def _section_page(
    request: HttpRequest, seat: Seat, key: str, status: int = HTTPStatus.OK, **extra: Any
) -> HttpResponse:
    try:
        page = _whole(seat).section(key)
    except KeyError as error:
        raise Http404 from error
    row = page.view.row
    team = reviews.team_of(seat.municipality) if seat.contributes else ()
    review = reviews.review_of(row, seat.user, team, approves=seat.approves) if seat.contributes else None
    context = {
        **(_typed(page, extra["form"]) if "form" in extra else {}),
        "page": page,
        "view": queries.with_pictures(page.view, seat.municipality),
        "moves": page.view.moves(seat.user, approves=seat.approves) if seat.contributes else (),
        "review": review,
        "writable": seat.contributes and not page.view.frozen,
        "reviewing": seat.approves and row.status == Status.IN_REVIEW,
        "owners": reviews.owners(team, row),
        "comment": None,
        "longest": LONG,
        "longest_comment": COMMENT,
        "dom": DOM,
        "file_name": file_name(seat.municipality),
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
    view = queries.with_pictures(queries.section_view(row), seat.municipality)
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
    }
    template = "plans/partials/_saved.html"
    return saved(request, outcome, dom=DOM, back=_url(seat, key), context=context, template=template)


def _url(seat: Seat, key: str) -> str:
    return reverse("plans:section", args=[seat.municipality.slug, key])


def _refused(request: HttpRequest, seat: Seat, key: str, form: AutosaveForm) -> HttpResponse:
    problems = form.problems()
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, problems)
    return _section_page(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY, form=form, problems=problems)


def _conflict(
    request: HttpRequest, seat: Seat, key: str, form: AutosaveForm, outcome: Outcome[Section]
) -> HttpResponse:
    url = _url(seat, key)
    view = conflict_view(form, outcome, dom=DOM, action=url, back=url)
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_fragment(request, view)
    return _section_page(request, seat, key, HTTPStatus.CONFLICT, conflict=view)


def _frozen(request: HttpRequest, seat: Seat, key: str, form: AutosaveForm) -> HttpResponse:
    """The approved text stays; what was typed is shown once more, to be copied."""
    problem = _("Leadership has approved this section, so it cannot be changed until the approval is withdrawn.")
    if request.htmx:  # type: ignore[attr-defined]
        return refused_fragment(request, [problem])
    return _section_page(request, seat, key, HTTPStatus.CONFLICT, form=form, problems=[problem])


# --- Pictures in the texts --------------------------------------------------------------------------------


@require_POST
def add_picture(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take a picture with its alternative text for the municipality's plan, on the page of a section."""
    seat = access.contribute(request, slug)
    _owners(seat, key)
    form = PictureForm(request.POST, request.FILES, too_large=getattr(request, "too_large", False))
    if not form.is_valid():
        return _picture_refused(request, seat, key, form)
    assert form.redrawn  # noqa: S101  # a valid form has it
    try:
        row = pictures.add_picture(
            municipality=seat.municipality,
            alternative=form.cleaned_data["alternative"],
            redrawn=form.redrawn,
            by=seat.user,
        )
    except pictures.TooManyPicturesError:
        form.add_error(None, _("There are %(most)s pictures already. Remove some first.") % {"most": pictures.MOST})
        return _picture_refused(request, seat, key, form)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"picture_key": key, "added": row, "dom": DOM}
        return render(request, "plans/partials/_pictures.html", context)
    words = _("Picture added. To show it, put this on a line of its own where it belongs: %(markdown)s")
    messages.success(request, words % {"markdown": row.markdown})
    return redirect(_url(seat, key))


def _picture_refused(request: HttpRequest, seat: Seat, key: str, form: PictureForm) -> HttpResponse:
    context = {"picture_form": form, "picture_key": key, "dom": DOM}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "plans/partials/_pictures.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _section_page(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY, picture_form=form)


@require_safe
def pictures_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All pictures of the municipality's plan, the newest first."""
    seat = access.read(request, slug)
    rows = Picture.objects.filter(municipality=seat.municipality).select_related("updated_by")
    return render(request, "plans/pictures.html", {"rows": rows})


@require_safe
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A picture's file, for the pages of its municipality."""
    row = _picture(access.read(request, slug), pk)
    etag = quote_etag(row.sha256)
    unchanged = get_conditional_response(request, etag=etag)
    try:
        response = unchanged or HttpResponse(row.file.read(), content_type=f"image/{row.kind}")
    except OSError as error:
        raise Http404 from error
    finally:
        row.file.close()
    response.headers["Content-Disposition"] = f'inline; filename="{row.pk}.{row.kind}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def remove_picture(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once more, then take away a picture that no section shows."""
    seat = access.contribute(request, slug)
    row = _picture(seat, pk)
    if request.method != "POST":
        return render(request, "plans/picture_remove.html", {"row": row, "uses": pictures.uses(row)})
    try:
        pictures.remove_picture(municipality=seat.municipality, pk=pk, by=seat.user)
    except pictures.PictureInUseError as error:
        problem = _("This picture stands in: %(sections)s. Take it out of the text first.")
        messages.error(request, problem % {"sections": ", ".join(error.titles)})
    else:
        messages.success(request, _("Picture removed."))
    return redirect("plans:pictures", slug)


def _picture(seat: Seat, pk: int) -> Picture:
    row: Picture = get_object_or_404(Picture, municipality=seat.municipality, pk=pk)
    return row
