"""Marks, icons and dates, the same on every page."""

import datetime
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from documents.markdown import web_address
from mobility_planning.templatetags.words import translate

register = template.Library()
register.tag(translate)

_MARK = (
    '<svg class="mp-mark mp-mark--{}" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">'
    "{}</svg>"
)
_FULL = (
    '<circle cx="10" cy="10" r="9" fill="currentColor"/>'
    '<path d="M5.5 10.5l3 3 6-7" fill="none" stroke="#fff" stroke-width="2.2"/>'
)
_HALF = (
    '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M10 2a8 8 0 0 0 0 16z" fill="currentColor"/>'
)
_EMPTY = '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/>'
_DASHED = (
    '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3.2 3.1"/>'
)

# family: (shape, the words of every state it stands for). The mark tells them apart without its color.
_FAMILY = {"go": _FULL, "mid": _HALF, "rest": _EMPTY, "none": _DASHED}
STATES: dict[str, tuple[str, object]] = {
    "in_place": ("go", gettext_lazy("In place")),
    "met": ("go", gettext_lazy("Met")),
    "todo": ("rest", gettext_lazy("To do")),
    "doing": ("mid", gettext_lazy("Doing")),
    "dropped": ("none", gettext_lazy("Dropped")),
    "done": ("go", gettext_lazy("Done")),
    "begun": ("mid", gettext_lazy("Begun")),
    "proceed": ("go", gettext_lazy("Proceed")),
    "approved": ("go", gettext_lazy("Approved")),
    "committed": ("go", gettext_lazy("Committed")),
    "under_way": ("mid", gettext_lazy("Under way")),
    "partly": ("mid", gettext_lazy("Partly")),
    "prepare": ("mid", gettext_lazy("Prepare")),
    "drafting": ("mid", gettext_lazy("Drafting")),
    "fills_itself": ("mid", gettext_lazy("Fills itself")),
    "in_review": ("mid", gettext_lazy("In review")),
    "in_conversation": ("mid", gettext_lazy("In conversation")),
    "asked": ("mid", gettext_lazy("Asked")),
    "on_track": ("go", gettext_lazy("On track")),
    "behind": ("mid", gettext_lazy("Behind")),
    "no_data": ("none", gettext_lazy("No data")),
    "not_yet": ("rest", gettext_lazy("Not yet")),
    "not_met": ("rest", gettext_lazy("Not met")),
    "postpone": ("rest", gettext_lazy("Postpone")),
    "declined": ("rest", gettext_lazy("Declined")),
    "identified": ("none", gettext_lazy("Identified")),
    "nobody": ("none", gettext_lazy("Nobody")),
    "not_started": ("none", gettext_lazy("Not started")),
    "": ("none", gettext_lazy("Unanswered")),
}
_MARKS = {state: mark_safe(_MARK.format(family, _FAMILY[family])) for state, (family, _w) in STATES.items()}  # noqa: S308


@register.simple_tag
def mark(state: str) -> SafeString:
    """The mark of a state alone; a word must stand beside it."""
    return _MARKS[str(state)]


@register.simple_tag
def words(state: str) -> str:
    """The word of a state alone."""
    return str(STATES[str(state)][1])


@register.simple_tag
def state(value: str) -> SafeString:
    """Mark and word of a state."""
    return _state(str(value), get_language())


@lru_cache
def _state(value: str, language: str | None) -> SafeString:
    family, word = STATES[value]
    return format_html('<span class="mp-state mp-state--{}">{}{}</span>', family, _MARKS[value], word)


@register.filter
def family(value: str) -> str:
    """The color family of a state: go, mid, rest or none."""
    return STATES[str(value)][0]


@register.simple_tag
@lru_cache
def icon(name: str) -> SafeString:
    """An icon of the design system, for the eye only."""
    return format_html(
        '<svg class="usa-icon" aria-hidden="true" focusable="false" role="img"><use href="{}#{}"></use></svg>',
        static("vendor/uswds/img/sprite.svg"),
        name,
    )


@register.filter
def item(values: Mapping[str, Any], key: str) -> Any:
    """What stands under a key, None where nothing does."""
    return values.get(key)


@register.filter
def thread(threads: Any, key: str) -> Any:
    """The comments on a step or a condition."""
    return threads.of(key)


@register.filter
def called(value: str, names: Mapping[str, str]) -> str:
    """Somebody as people know them: the name of the member whose e-mail address this is, else what is written."""
    return names.get(value.strip().lower(), value)


@register.filter
def apart(value: object) -> SafeString | str:
    """A name inside a sentence: one written from right to left does not turn the words beside it round."""
    text = str(value)
    turns = any(bidirectional(char) in ("R", "AL") for char in text)
    return format_html("<bdi>{}</bdi>", text) if turns else text


@register.filter
def wrap(value: object) -> tuple[object, ...]:
    """One thing as a list of it, for a partial that takes several."""
    return (value,)


@register.filter
def day(value: datetime.date | None) -> str:
    """A date as `Nov 24, 2026`; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return _day(value, get_language())


@lru_cache(maxsize=5_000)
def _day(value: datetime.date, _language: str | None) -> str:
    return format_date(value, "M j, Y")


@register.filter
def moment(value: datetime.datetime) -> SafeString:
    """Today's times as `10:42 AM`, earlier ones as `Nov 24, 2026`; the full time for a pointer and a screen reader."""
    local = timezone.localtime(value)
    return _moment(local, local.isoformat(timespec="seconds"), local.date() == timezone.localdate(), get_language())


# Two moments are equal in whatever zone, so how the local one is written is part of the question.
@lru_cache(maxsize=5_000)
def _moment(local: datetime.datetime, written: str, today: bool, _language: str | None) -> SafeString:
    short = format_date(local, "g:i A" if today else "M j, Y")
    full = format_date(local, "M j, Y, g:i A")
    return format_html('<time datetime="{}" title="{}">{}</time>', written, full, short)


@register.filter
def evidence(value: str) -> SafeString | str:
    """Evidence as a link where it is one safe address, else as the words it is (so a `javascript:` is only words)."""
    if not web_address(value):
        return value
    return format_html('<a href="{}" rel="noopener nofollow">{}</a>', value, value)


_CELL = {
    # Solid, half, empty, dashed: told apart in grayscale too.
    "go": '<rect x="{x}" y="1" width="{w}" height="14" rx="2" fill="#216e1f" stroke="#216e1f" stroke-width="1.5"/>',
    "mid": '<rect x="{x}" y="1" width="{w}" height="14" rx="2" fill="#fef6dd" stroke="#936f00" stroke-width="1.5"/>'
    '<path d="M{x} 15L{r} 1V15Z" fill="#b07d00"/>',
    "rest": '<rect x="{x}" y="1" width="{w}" height="14" rx="2" fill="#fff" stroke="#41608a" stroke-width="1.5"/>',
    "none": '<rect x="{x}" y="1" width="{w}" height="14" rx="2" fill="#fff" stroke="#71767a" stroke-width="1.5"'
    ' stroke-dasharray="3 2.5"/>',
}


@register.simple_tag
def bar(row: Any, width: int = 160) -> SafeString:
    """
    One condition as a bar, a cell a step: in place, under way, not yet, unanswered, in that order.

    `row` has those four counts as `in_place`, `under_way`, `not_yet` and `unanswered`; its height is 16 to `width`.
    """
    return _bar(row.in_place, row.under_way, row.not_yet, row.unanswered, width, get_language())


@lru_cache
def _bar(in_place: int, under_way: int, not_yet: int, unanswered: int, width: int, language: str | None) -> SafeString:
    families = ["go"] * in_place + ["mid"] * under_way + ["rest"] * not_yet + ["none"] * unanswered
    pitch = width / len(families)
    cells = "".join(
        _CELL[name].format(x=round(n * pitch + 1, 2), w=round(pitch - 4, 2), r=round((n + 1) * pitch - 3, 2))
        for n, name in enumerate(families)
    )
    title = _("%(a)s in place, %(b)s under way, %(c)s not yet, %(d)s unanswered") % {
        "a": in_place,
        "b": under_way,
        "c": not_yet,
        "d": unanswered,
    }
    head = '<svg class="mp-bar" role="img" viewBox="0 0 {0} 16" width="{0}" height="16"><title>{1}</title>{2}</svg>'
    return format_html(head, width, title, mark_safe(cells))  # noqa: S308
