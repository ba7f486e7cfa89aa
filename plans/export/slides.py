"""The plan as at most twelve slides: where the place stands, priorities, actions, measures, the decision asked."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from documents.deck import Deck
from documents.picture import picture
from plans.export.brief import Brief, action_head, brief_of, measure_head
from plans.export.document import Document
from readiness.rules.shorten import shorten

T = TypeVar("T")

# So many rows a slide holds, each of at most four lines: with these the deck has twelve slides at most.
ROWS, ACTIONS = 4, 16
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
        _actions(deck, brief)
        _measures(deck, brief)
        deck.words(_("The decision asked of the council"), [brief.asked], marked=False)
        return deck.to_bytes()


def _priorities(deck: Deck, brief: Brief) -> None:
    lines = [
        f"{one.number}. {one.title}" + (f": {shorten(one.goal, GOAL, 1)}" if one.goal else "")
        for one in brief.priorities
    ]
    lines += [brief.more_priorities] if brief.more_priorities else []
    deck.words(_("Priorities"), lines or [_("The plan names no priority yet.")], marked=False, small=True)


def _actions(deck: Deck, brief: Brief) -> None:
    if not brief.actions:
        deck.words(_("What will be done"), [_("The plan names no action yet.")], marked=False)
    for title, group, rest in _slides(_("What will be done"), brief.actions, brief.more_actions):
        rows = [(one.number, one.title, one.lead, one.dates, one.changes) for one in group]
        deck.table(title, rest or _("Actions, who leads them, and when."), action_head(), rows, (10, 36, 18, 18, 18))


def _measures(deck: Deck, brief: Brief) -> None:
    if not brief.measures:
        deck.words(_("How it is measured"), [_("The plan names no measure yet.")], marked=False)
    for title, group, rest in _slides(_("How it is measured"), brief.measures, brief.more_measures):
        rows = [(one.name, one.target, one.last, one.state) for one in group]
        about = " ".join(part for part in (brief.states, rest) if part)
        deck.table(title, about, measure_head(), rows, (46, 20, 20, 14))


def _slides(title: str, rows: Sequence[T], rest: str) -> Iterator[tuple[str, Sequence[T], str]]:
    """As many slides as the rows need, each with a title of its own; the last one says how much is left out."""
    groups = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    for n, group in enumerate(groups, start=1):
        numbered = _("%(title)s (%(n)s of %(total)s)") % {"title": title, "n": n, "total": len(groups)}
        yield (numbered if len(groups) > 1 else title), group, (rest if n == len(groups) else "")
