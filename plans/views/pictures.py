"""Pictures in the texts of the plan."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities import access
from municipalities.access import Seat
from plans import pictures
from plans.forms import (
    PictureForm,
)
from plans.models import Picture
from plans.views.section import DOM, owners, section_page, section_url


@require_POST
def add_picture(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take a picture with its alternative text for the municipality's plan, on the page of a section."""
    seat = access.contribute(request, slug)
    owners(seat, key)
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
    return redirect(section_url(seat, key))


def _picture_refused(request: HttpRequest, seat: Seat, key: str, form: PictureForm) -> HttpResponse:
    context = {"picture_form": form, "picture_key": key, "dom": DOM}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "plans/partials/_pictures.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return section_page(request, seat, key, HTTPStatus.UNPROCESSABLE_ENTITY, picture_form=form)


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
    """Ask once more, then take away a picture that no section and no release shows."""
    seat = access.contribute(request, slug)
    row = _picture(seat, pk)
    if request.method != "POST":
        return _removal(request, row)
    try:
        pictures.remove_picture(municipality=seat.municipality, pk=pk, by=seat.user)
    except pictures.PictureInUseError:
        return _removal(request, row, HTTPStatus.CONFLICT)
    messages.success(request, _("Picture removed."))
    return redirect("plans:pictures", slug)


def _removal(request: HttpRequest, row: Picture, status: int = HTTPStatus.OK) -> HttpResponse:
    """The question, or what shows the picture, so that it stays."""
    context = {"row": row, "uses": pictures.uses(row), "releases": pictures.named_in_releases(row)}
    return render(request, "plans/picture_remove.html", context, status=status)


def _picture(seat: Seat, pk: int) -> Picture:
    row: Picture = get_object_or_404(Picture, municipality=seat.municipality, pk=pk)
    return row
