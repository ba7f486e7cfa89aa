"""The product's addresses, and an empty page to measure them against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """What every page does at least: all the middleware, and a look at who is signed in."""
    return HttpResponse(str(request.user))


urlpatterns = [path("benchmark/empty/", empty, name="empty"), path("", include("mobility_planning.urls"))]
