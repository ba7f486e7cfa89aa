"""
What somebody sent after their sign-in had run out: kept in their browser session until they are back.

A session belongs to one browser, and a signed cookie there says who was last signed in. Only for that person is
anything kept, and it is shown to them alone; a browser in which nobody ever signed in leaves nothing behind.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

KEY = "unsaved"
MOST_CHARACTERS = 300_000
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105  # the field's name, not its value
# Sent along with what people write, but nothing that they wrote.
UNSEEN = frozenset({"version", "seen", "next"})

Fields = list[tuple[str, str]]


def typed(request: HttpRequest) -> Fields:
    """The posted fields, to be sent again; none of a form that holds a password, which is nobody's to keep."""
    names = [name for name in request.POST if name != TOKEN_FIELD]
    if any("password" in name for name in names):
        return []
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def shown(fields: Fields) -> Fields:
    """What a person would know again of the fields: what they wrote, under a readable name."""
    return [
        (name.replace("_", " ").capitalize(), value) for name, value in fields if value.strip() and name not in UNSEEN
    ]


def keep(request: HttpRequest) -> None:
    """Keep the posted fields for who was last signed in; more than anybody types by hand is not kept."""
    reader, fields = _last_reader(request), typed(request)
    if reader and fields and sum(len(name) + len(value) for name, value in fields) <= MOST_CHARACTERS:
        request.session[KEY] = {"reader": reader, "path": request.path, "fields": fields}


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """`{"path": ..., "fields": [[name, value], ...]}`, or None; another person's is dropped unseen."""
    value: dict[str, Any] | None = request.session.get(KEY)
    if value and value["reader"] != str(request.user.pk):
        del request.session[KEY]
        return None
    return value


def forget(request: HttpRequest, path: str | None = None) -> None:
    """Drop what was kept, or only what was kept for `path`."""
    value = kept(request)
    if value and path in (None, value["path"]):
        del request.session[KEY]


def remember(request: HttpRequest, response: HttpResponseBase, reader: User) -> None:
    """Note in the browser who is signed in, until it is closed."""
    if _last_reader(request) != str(reader.pk):
        response.set_signed_cookie(
            settings.LAST_READER_COOKIE_NAME,
            str(reader.pk),
            salt=KEY,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _last_reader(request: HttpRequest) -> str | None:
    return request.get_signed_cookie(settings.LAST_READER_COOKIE_NAME, None, salt=KEY)
