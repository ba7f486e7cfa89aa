"""What is sent in another character set than ours is refused before Django reads it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.test import RequestFactory

from mobility_planning import wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SETS = ["raw_unicode_escape", "utf-16", "idna", "base64", "rot13", "latin-1", "hex", "nonsense", ""]
KINDS = ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "x/y"]


@pytest.fixture(autouse=True)
def django_stub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for Django, which answers whatever it gets to see."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"page"]

    monkeypatch.setattr(wsgi, "_django", answer)


def sent(method: str, kind: str) -> tuple[str, bytes]:
    """The status line and the body that a server gets for a request of that content type."""
    environ = RequestFactory().generic(method, "/larkspur/?next=/", b"name=x", "text/plain").environ
    lines: list[Any] = []
    start = cast("StartResponse", lambda *args: lines.extend(args))
    body = b"".join(wsgi.application({**environ, "CONTENT_TYPE": kind}, start))
    return lines[0], body


@pytest.mark.parametrize("charset", SETS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_character_set_is_a_bad_request(method: str, kind: str, charset: str):
    assert sent(method, f"{kind}; charset={charset}") == ("400 Bad Request", b"Only UTF-8 is understood.\n")


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF-8", '; charset="utf-8"'])
@pytest.mark.parametrize("kind", ["", *KINDS])
def test_ours_is_taken_however_it_is_written(kind: str, charset: str):
    assert sent("POST", f"{kind}{charset}") == ("200 OK", b"page")


def test_a_content_type_that_cannot_be_read_is_a_bad_request():
    assert sent("POST", "x/y; charset*=nonsense'en'utf-8")[0] == "400 Bad Request"
