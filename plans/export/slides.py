"""The plan as at most twelve slides: where the place stands, priorities, actions, measures, the decision asked."""

from collections.abc import Iterator, Sequence
from math import ceil

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.deck import Deck
from documents.picture import picture
from plans.export.brief import Brief, action_head, brief_of, measure_head
from plans.export.document import Document
from readiness.rules.shorten import shorten

Rows = Sequence[Sequence[str]]

# The most of each: where every row is as high as can be, the deck has twelve slides.
ACTIONS = 16
# A row takes as many lines as its fullest cell, four at most, and half a one for its edges; so many stand on a slide.
ROOM, EDGES, MOST_LINES = 18, 0.5, 4
# So many characters stand beside each other on a line as wide as a slide's table, and so many does a cell's edge take.
ACROSS, EDGE = 110, 4
# So many characters of a goal, that five priorities stand on a slide.
GOAL = 90


def plan_slides(document: Document) -> bytes:
    """The finished file; the same document always gives the same bytes."""
    brief = brief_of(document, actions=ACTIONS)
    with translation.override(document.language):
        deck = Deck(
            f"{brief.place}: {brief.plan}",
            author=brief.place,
            created=brief.created,
            foot=_("Draft").upper() if brief.is_draft else "",
            language=brief.language,
        )
        where = " · ".join(part for part in (brief.state_line, brief.date) if part)
        deck.cover(f"{brief.place}: {brief.plan}", [where, brief.status])
        deck.words(_("Where we stand: %(verdict)s") % {"verdict": brief.verdict_word.lower()}, brief.sentences)
        drawn = picture("components/_nine_bars.svg.html", {"rows": document.conditions, "met": document.met})
        told = {"met": document.met, "total": len(document.conditions)}
        deck.picture(_("%(met)s of %(total)s readiness conditions are met") % told, drawn)
        _priorities(deck, brief)
        _actions(deck, brief, sum(len(one.actions) for one in document.priorities))
        _measures(deck, brief, sum(len(one.measures) for one in document.measured))
        deck.words(_("The decision asked of the council"), [brief.asked], marked=False)
        return deck.to_bytes()


def _priorities(deck: Deck, brief: Brief) -> None:
    lines = [
        f"{one.number}. {one.title}" + (f": {shorten(one.goal, GOAL, 1)}" if one.goal else "")
        for one in brief.priorities
    ]
    lines += [brief.more_priorities] if brief.more_priorities else []
    deck.words(_("Priorities"), lines or [_("The plan names no priority yet.")], marked=False, small=True)


def _actions(deck: Deck, brief: Brief, total: int) -> None:
    if not brief.actions:
        deck.words(_("What will be done"), [_("The plan names no action yet.")], marked=False)
    widths = (10, 36, 18, 18, 18)
    rows = [(one.number, one.title, one.lead, one.dates, one.changes) for one in brief.actions]
    for title, group, rest in _slides(_("What will be done"), rows, widths, total):
        deck.table(title, rest or _("Actions, who leads them, and when."), action_head(), group, widths)


def _measures(deck: Deck, brief: Brief, total: int) -> None:
    if not brief.measures:
        deck.words(_("How it is measured"), [_("The plan names no measure yet.")], marked=False)
    widths = (46, 20, 20, 14)
    rows = [(one.name, one.target, one.last, one.state) for one in brief.measures]
    for title, group, rest in _slides(_("How it is measured"), rows, widths, total):
        about = " ".join(part for part in (brief.states, rest) if part)
        deck.table(title, about, measure_head(), group, widths)


def _slides(title: str, rows: Rows, widths: Sequence[float], total: int) -> Iterator[tuple[str, Rows, str]]:
    """As many slides as the rows need, each with a title of its own; the last one says how much is left out."""
    left_out = total - len(rows)
    said = ngettext("The other one stands in the plan.", "The other %(n)s stand in the plan.", left_out)
    rest = said % {"n": left_out} if left_out > 0 else ""
    groups = _groups(rows, [_height(row, widths) for row in rows])
    for n, group in enumerate(groups, start=1):
        numbered = _("%(title)s (%(n)s of %(total)s)") % {"title": title, "n": n, "total": len(groups)}
        yield (numbered if len(groups) > 1 else title), group, (rest if n == len(groups) else "")


def _height(row: Sequence[str], widths: Sequence[float]) -> float:
    """In lines, from the number of its letters: fonts differ from one program to the next."""
    fits = [max(1, int(ACROSS * width / sum(widths)) - EDGE) for width in widths]
    return min(MOST_LINES, max(ceil(len(text) / most) for text, most in zip(row, fits, strict=True))) + EDGES


def _groups(rows: Rows, heights: Sequence[float]) -> list[Rows]:
    """The rows, if there are any, in as few groups as there is room for, alike in number where that fits too."""
    if not rows:
        return []
    filled: list[list[int]] = [[]]
    for n, height in enumerate(heights):
        if sum(heights[one] for one in filled[-1]) + height > ROOM:
            filled.append([])
        filled[-1].append(n)
    size = ceil(len(rows) / len(filled))
    alike = [range(start, min(start + size, len(rows))) for start in range(0, len(rows), size)]
    fits = all(sum(heights[n] for n in group) <= ROOM for group in alike)
    return [[rows[n] for n in group] for group in (alike if fits else filled)]
