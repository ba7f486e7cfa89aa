"""Every page needs a sign-in unless its view says otherwise, and a sign-in that ran out never costs a word."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from accounts import unsaved


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own, which also keeps what was typed (see `accounts.unsaved`) and answers htmx in its terms."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method == "POST" and request.user.is_authenticated:
            unsaved.forget(request, request.path)
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is None and getattr(view_func, "login_required", True):
            request.reader = request.user  # type: ignore[attr-defined]
        return refused

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Note whose browser it is, on the way out of a page that needs a sign-in."""
        if hasattr(request, "reader"):
            unsaved.remember(request, response, request.reader)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]
        if request.headers.get("HX-Request"):
            # The page keeps the text where it stands and says what to do (static/js/autosave.js).
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        if request.method == "POST":
            unsaved.keep(request)
            return redirect_to_login(reverse("resume"))
        return redirect_to_login(request.get_full_path())
