"""What the frame of every page shows of the municipality."""

from django.conf import settings
from django.http import HttpRequest


def seat(request: HttpRequest) -> dict[str, object]:
    """`seat`: the person's seat where the view entered a municipality, else None; the cookie that scripts read."""
    return {"seat": getattr(request, "seat", None), "csrf_cookie_name": settings.CSRF_COOKIE_NAME}
