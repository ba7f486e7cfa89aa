"""Addresses in full, for links that leave the product: in e-mails and on a command line."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def link(name: str, *args: Any) -> str:
    """The page's address below SITE_URL, whatever host a request claims to have come to."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
