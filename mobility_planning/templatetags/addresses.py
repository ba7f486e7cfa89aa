"""`{% url %}` that looks an address up once a process: a page has forty of them, and Django searches for each anew."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()


class AddressNode(URLNode):
    """As Django's, for an address that stands on the page at once and is made of words and numbers alone."""

    def render(self, context: Any) -> str:
        """The address; raises NoReverseMatch where there is none."""
        # A word that stands in the template itself is a SafeString; the address made of it is not.
        values = tuple(value.resolve(context) for value in self.args)
        if (
            self.asvar
            or self.kwargs
            or not context.autoescape
            or not all(type(value) in (str, SafeString, int) for value in values)
        ):
            return str(super().render(context))
        return _address(self.view_name.resolve(context), values, get_urlconf(), get_script_prefix())


# Every address of a large municipality's people fits; the prefix and the list of addresses are part of the question.
@lru_cache(maxsize=20_000)
def _address(view: str, values: tuple[str | int, ...], urlconf: str | None, _prefix: str) -> str:
    return escape(reverse(view, urlconf, args=values))


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """`{% url "name" value … %}`, in every template without loading it (settings.TEMPLATES)."""
    node = parse_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
