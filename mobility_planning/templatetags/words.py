"""
`{% translate %}` that looks its words up once a process and language: a page has up to 150 of them.

It comes with `look`, and counts where that is loaded after Django's `i18n`: names of libraries stand in their order.
"""

from typing import Any

from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language


class WordsNode(i18n.TranslateNode):
    """As Django's, for words that stand in the template itself."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        expression = self.filter_expression
        self.fixed = expression.var.literal is not None and not expression.filters and not self.message_context
        self.known: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        """The words; nothing where the template gives them a name to use later."""
        if not self.fixed:
            return str(super().render(context))
        language = get_language()
        words = self.known.get(language)
        if words is None:
            shown = super().render(context)
            words = self.known[language] = context[self.asvar] if self.asvar else shown
        if not self.asvar:
            return words
        context[self.asvar] = words
        return ""


def translate(parser: Parser, token: Token) -> WordsNode:
    """`{% translate "Words" %}`, with all that Django's takes."""
    return WordsNode(i18n.do_translate(parser, token))
