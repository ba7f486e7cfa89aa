"""Home and the leadership overview: the one place that composes all apps."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from mobility_planning import queries, tasks
from municipalities import access
from municipalities.models import Membership
from municipalities.queries import role_lines
from municipalities.services import set_reminders


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the one municipality that the person belongs to, or to the choice of them."""
    assert isinstance(request.user, User)  # noqa: S101
    memberships = list(Membership.objects.filter(user=request.user).select_related("municipality"))
    if len(memberships) == 1:
        return redirect("overview", memberships[0].municipality.slug)
    return render(request, "home.html", {"memberships": memberships})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How the pages fit together and what their words mean."""
    return render(request, "help.html", {"roles": role_lines()})


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """What leadership needs five minutes before a decision."""
    seat = access.read(request, slug)
    context = {"page": queries.overview(seat.municipality), "today": timezone.localdate()}
    return render(request, "overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def my_tasks(request: HttpRequest, slug: str) -> HttpResponse:
    """What is the reader's own to do in this municipality, and whether they want e-mails about it."""
    seat = access.read(request, slug)
    if request.method == "POST":
        set_reminders(membership=seat.membership, wanted=request.POST.get("reminders") == "on", by=seat.user)
        messages.success(request, _("Saved."))
        return redirect("tasks", slug)
    found = tasks.tasks(seat.municipality, seat.user, timezone.localdate())
    return render(request, "tasks.html", {"tasks": found})


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and knows every migration."""
    problem = _problem()
    return HttpResponse(problem or "ok", content_type="text/plain", status=503 if problem else 200)


def _problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations missing"
        cache.get("readyz")
    except DatabaseError:
        return "no database"
    return ""
