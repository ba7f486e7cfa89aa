"""One signed-in person's browser: calls the product as a server does (WSGI) and keeps its cookies.

Django's test client is not used for requests: it does work of its own and keeps the database connection open.
"""

import re
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from accounts.models import User

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@cache
def application() -> WSGIHandler:
    """The product with its middleware loaded, one for the process."""
    return WSGIHandler()


class Browser:
    """Signed in as `user`, with a session that stands in the database."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.token = ""

    def get(self, path: str) -> bytes:
        """A page's content; any answer but 200 ends the benchmark."""
        reply = self.send("GET", path)
        if reply.status != 200:
            raise RuntimeError(f"{path} answered {reply.status}")
        return reply.body

    def open_form(self, path: str) -> bytes:
        """A page's content; its token goes along with every later post."""
        page = self.get(path)
        self.token = _TOKEN.findall(page)[0].decode()
        return page

    def post(self, path: str, values: dict[str, object]) -> Reply:
        """Send a form as htmx does."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **values}).encode()
        return self.send("POST", path, body, HTTP_HX_REQUEST="true", HTTP_ORIGIN=f"http://{settings.ALLOWED_HOSTS[0]}")

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """One request, its response read to the end and closed, as a server does it."""
        head: list[Any] = []
        start = cast("StartResponse", lambda *args: head.extend(args))
        response = application()(self._environ(method, path, body, headers), start)
        try:
            content = b"".join(response)
        finally:
            response.close()
        status, lines = head[:2]
        self._keep(lines)
        return Reply(int(status.split()[0]), dict(lines), content)

    def _environ(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, object]:
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.partition("?")[0],
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": settings.ALLOWED_HOSTS[0],
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **headers,
        }

    def _keep(self, lines: list[tuple[str, str]]) -> None:
        for name, value in lines:
            if name == "Set-Cookie":
                self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
