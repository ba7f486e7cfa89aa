"""What the header of every page shows over all apps."""

from collections.abc import Callable

from django.http import HttpRequest

from mobility_planning import tasks


def task_count(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`task_count`: how many tasks are the person's here; asked only where a page shows its header."""
    seat = getattr(request, "seat", None)
    return {"task_count": lambda: tasks.count(seat.municipality, seat.user) if seat else 0}
