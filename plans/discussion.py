"""What is said about a section of the plan: threads on the whole, and on the paragraphs of its text as it is now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from comments.queries import ThreadView, open_subjects, threads
from documents.markdown import Block
from municipalities.models import Municipality
from plans.models import Passage, Section
from plans.rules.passages import Found, Paragraphs, begin, digest

# How the subjects of all comments on a plan begin.
PREFIX = "plan/"


def subjects(section: Section) -> str:
    """How the subjects of comments on this section begin."""
    return f"{PREFIX}{section.key}/"


def subject(row: Passage) -> str:
    """What the comments of this thread are on."""
    return f"{subjects(row.section)}{row.pk}"


@dataclass(frozen=True)
class Discussed:
    """
    A thread and what it is about: the paragraph of that number, from 1, or the whole section where `row` quotes none.

    Without a number, the paragraph is not in the text any more; `changed`: it reads otherwise than when it was quoted.
    """

    row: Passage
    thread: ThreadView
    number: int | None
    changed: bool

    @property
    def dom(self) -> str:
        return f"passage-{self.row.pk}"

    @property
    def whole(self) -> bool:
        return not self.row.quote


@dataclass(frozen=True)
class Paragraph:
    """One outermost part of a section's text as a page shows it, with the threads on it."""

    number: int
    block: Block
    threads: tuple[Discussed, ...]

    @property
    def html(self) -> SafeString:
        return mark_safe(self.block.html)  # noqa: S308  # sanitized there

    @property
    def known_as(self) -> str:
        """Tells it from other paragraphs; nothing for one without words, on which nobody can comment."""
        return digest(self.block.words)

    @property
    def said(self) -> int:
        """How many comments are open on it."""
        return sum(len(line.thread.comments) for line in self.threads if line.thread.open)


def discussed(section: Section, municipality: Municipality, text: Sequence[Block]) -> tuple[Discussed, ...]:
    """
    The threads on a section of that text: on the whole, then by paragraph, then on what is gone.

    In three queries, or one where nothing is said.
    """
    rows = list(Passage.objects.filter(section=section))
    if not rows:
        return ()
    said = threads(municipality, subjects(section))
    parts = paragraphs_of(text)
    found = (_discussed(row, said.of(str(row.pk)), parts) for row in rows)
    shown = (line for line in found if line.thread.comments)
    return tuple(sorted(shown, key=lambda line: (not line.whole, line.number is None, line.number or 0, line.row.pk)))


def paragraphs_of(text: Iterable[Block]) -> Paragraphs:
    """The parts of a text, to find passages in."""
    return Paragraphs([block.words for block in text])


def found_in(text: Paragraphs, row: Passage) -> Found | None:
    """The paragraph that a passage is about; none for the whole section, and for a paragraph that is gone."""
    return text.find(row.digest, row.quote) if row.quote else None


def _discussed(row: Passage, thread: ThreadView, text: Paragraphs) -> Discussed:
    found = found_in(text, row)
    if found is None:
        return Discussed(row, thread, None, changed=False)
    return Discussed(row, thread, found.place + 1, found.changed)


def paragraphs(found: Sequence[Block], said: Sequence[Discussed]) -> tuple[Paragraph, ...]:
    """The parts of a text, each with the threads on it."""
    return tuple(
        Paragraph(number, block, tuple(line for line in said if line.number == number))
        for number, block in enumerate(found, start=1)
    )


def choices(text: Sequence[Block]) -> list[tuple[str, str]]:
    """The paragraphs that can be commented on, by their digests, with their first words."""
    found = enumerate(text, start=1)
    named = {digest(block.words): f"{number}. {begin(block.words)}" for number, block in reversed(list(found))}
    return [(known_as, words) for known_as, words in reversed(named.items()) if known_as]


def open_threads(municipality: Municipality) -> "Counter[str]":
    """How many threads are open, by the key of their section; in one query."""
    return Counter(subject.split("/")[1] for subject in open_subjects(municipality, PREFIX))
