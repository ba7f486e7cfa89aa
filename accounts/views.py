"""Pages about signing in that allauth does not bring: taking up where a sign-in ran out."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import unsaved


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Show what was typed before the sign-in ran out, to save it or to let it go (POST)."""
    kept = unsaved.kept(request)
    if request.method == "POST":
        unsaved.forget(request)
    if kept is None or request.method == "POST":
        return redirect("home")
    return render(request, "account/resume.html", _context(kept["path"], kept["fields"]))


def _context(path: str, fields: unsaved.Fields) -> dict[str, object]:
    return {"path": path, "fields": fields, "shown": unsaved.shown(fields)}


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """
    A form whose security token is out of date, most often after signing in again in another tab.

    Where the browser vouches that the form came from this site, the typed text is offered to be sent again;
    a form from elsewhere gets nothing back.
    """
    fields = unsaved.typed(request) if _from_this_site(request) else []
    context = _context(request.path, fields)
    return render(request, "account/token_expired.html", context, status=HTTPStatus.FORBIDDEN)


def _from_this_site(request: HttpRequest) -> bool:
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.netloc == request.get_host() and origin.scheme == request.scheme
