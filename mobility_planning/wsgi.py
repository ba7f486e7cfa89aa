"""The door for gunicorn and other WSGI servers."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mobility_planning.settings")
_django = get_wsgi_application()


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """
    Django, for whatever is sent in UTF-8, and 400 for the rest.

    Every page is UTF-8, so no browser sends anything else. Before any middleware, Django reads the very address in
    the character set that a request names, and in some that Python knows ("base64", "idna") nothing can be read.
    """
    if _charset(environ) != "utf-8":
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [b"Only UTF-8 is understood.\n"]
    return _django(environ, start_response)


def _charset(environ: "WSGIEnvironment") -> str:
    try:
        return parse_header_parameters(environ.get("CONTENT_TYPE", ""))[1].get("charset", "utf-8").lower()
    except ValueError:
        return ""
