"""One finished HTML page for `documents.pdf`, out of a template and its values."""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils import translation

from documents.fonts import replace_uncovered
from documents.paper import soften


def finished_page(template: str, values: Mapping[str, object], *, language: str = "en-US") -> str:
    """
    The page in that language, all of it drawn by the shipped fonts.

    The template extends `documents/page.html`. It gets `language`, `scripts` (whether the fonts of other scripts are
    needed) and `replaced`: what no font draws, in words, for the document to tell at its end.
    """
    covered = replace_uncovered(_render(template, values, language))
    if covered.replaced or covered.scripts:
        again = {**values, "replaced": covered.replaced, "scripts": covered.scripts}
        covered = replace_uncovered(_render(template, again, language))
    return soften(covered.text)


def _render(template: str, values: Mapping[str, object], language: str) -> str:
    with translation.override(language):
        return render_to_string(template, {**values, "language": language})
