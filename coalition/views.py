"""Pages of the coalition: enter through the gate, call one function, render."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition import queries, services
from coalition.forms import FilterForm, MemberForm
from coalition.models import Member, Sector
from municipalities import access
from municipalities.access import Seat
from municipalities.saving import conflict_view


@require_safe
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is missing, then everybody on the roster or the part of it that was asked for."""
    seat = access.read(request, slug)
    page = queries.roster(seat.municipality)
    form = FilterForm(request.GET)
    filters = form.filters()
    context = {
        "roster": page,
        "coverage": page.coverage,
        "rows": page.narrowed(**filters),
        "filter": form,
        "filtered": bool(filters),
        "removed": _removed(request, seat),
    }
    return render(request, "coalition/roster.html", context)


def _removed(request: HttpRequest, seat: Seat) -> queries.Removed | None:
    entry = request.GET.get("removed", "")
    if not (seat.contributes and entry.isdecimal()):
        return None
    return queries.removed(seat.municipality, int(entry[:18]))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put somebody on the roster; `?sector=` proposes one."""
    seat = access.contribute(request, slug)
    if request.method != "POST":
        wanted = request.GET.get("sector", "")
        return _member_page(request, MemberForm(initial={"sector": wanted if wanted in Sector.values else ""}))
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _member_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    row = services.add_member(municipality=seat.municipality, values=form.posted(), by=seat.user)
    messages.success(request, _("Added to the roster: %(name)s.") % {"name": row})
    return redirect("coalition:roster", slug)


def _member_page(
    request: HttpRequest,
    form: MemberForm,
    *,
    row: Member | None = None,
    status: int = HTTPStatus.OK,
    **extra: Any,
) -> HttpResponse:
    return render(request, "coalition/member.html", {"form": form, "row": row, **extra}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change one row of the roster."""
    seat = access.contribute(request, slug)
    row = Member.objects.of(seat.municipality).select_related("updated_by").filter(pk=pk).first()
    if row is None:
        return _gone(request, seat, pk)
    if request.method != "POST":
        return _member_page(request, MemberForm(row=row), row=row)
    form = MemberForm(request.POST, row=row)
    if not form.is_valid():
        return _member_page(request, form, row=row, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _change(request, seat, row, form)


def _change(request: HttpRequest, seat: Seat, row: Member, form: MemberForm) -> HttpResponse:
    version = form.cleaned_data["version"]
    try:
        outcome = services.change_member(
            municipality=seat.municipality, pk=row.pk, seen=version, values=form.posted(), by=seat.user
        )
    except Member.DoesNotExist:
        return _gone(request, seat, row.pk)
    except services.NamelessError:
        form.add_error(None, _("Somebody took the other name away meanwhile. Name an organization, a person, or both."))
        return _member_page(request, form, row=row, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    back = reverse("coalition:roster", args=[seat.municipality.slug])
    if outcome.conflicts:
        view = conflict_view(form, outcome, dom="member", action=request.path, back=back)
        return render(request, "coalition/conflict.html", {"conflict": view, "row": row}, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved: %(name)s.") % {"name": outcome.row})
    return redirect(back)


def _gone(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """404, but what was typed for a row that somebody removed meanwhile is offered to be added again."""
    if request.method != "POST" or not Member.history.filter(municipality=seat.municipality, id=pk).exists():
        raise Http404
    add_url = reverse("coalition:add", args=[seat.municipality.slug])
    return _member_page(request, MemberForm(request.POST), status=HTTPStatus.CONFLICT, action=add_url)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then take a row off the roster; the next page offers to undo it."""
    seat = access.contribute(request, slug)
    if request.method != "POST":
        row = get_object_or_404(Member.objects.of(seat.municipality), pk=pk)
        return render(request, "coalition/remove.html", {"row": row})
    try:
        entry = services.remove_member(municipality=seat.municipality, pk=pk, by=seat.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return redirect(f"{reverse('coalition:roster', args=[slug])}?removed={entry}")


@require_POST
def restore(request: HttpRequest, slug: str, entry: int) -> HttpResponse:
    """Undo a removal."""
    seat = access.contribute(request, slug)
    try:
        row = services.restore_member(municipality=seat.municipality, entry=entry, by=seat.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except services.AlreadyBackError:
        messages.info(request, _("This entry is back on the roster already."))
    else:
        messages.success(request, _("Back on the roster: %(name)s.") % {"name": row})
    return redirect("coalition:roster", slug)
