"""Which paragraph of a text somebody commented on, also after the text has changed. Pure: words in, places out."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

# As much of a paragraph is kept with its comments.
QUOTE = 1_000
_WORD = re.compile(r"\w+")
# Half of the words must be the same, for it to be the same paragraph written otherwise.
ALIKE = 0.5


def folded(words: str) -> str:
    """The words with one space between them: what a paragraph is told by."""
    return " ".join(words.split())


def digest(words: str) -> str:
    """SHA-256 of a paragraph's words in hexadecimal; nothing for a paragraph without words."""
    plain = folded(words)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest() if plain else ""


def quote(words: str) -> str:
    """The beginning of a paragraph, to be kept with its comments."""
    return folded(words)[:QUOTE]


# As much of a paragraph names it in a list.
NAME = 60


def begin(words: str) -> str:
    """The first words of a paragraph, with a mark where there are more."""
    plain = folded(words)
    return plain if len(plain) <= NAME else f"{plain[:NAME].rstrip()}…"


@dataclass(frozen=True)
class Found:
    """A paragraph's place in a text, from 0, and whether its words have changed since."""

    place: int
    changed: bool


@dataclass(frozen=True)
class Paragraphs:
    """The paragraphs of a text as it is now, by their words."""

    words: Sequence[str]

    @cached_property
    def digests(self) -> tuple[str, ...]:
        return tuple(digest(words) for words in self.words)

    @cached_property
    def _counted(self) -> tuple["Counter[str]", ...]:
        return tuple(_count(quote(words)) for words in self.words)

    def find(self, known_as: str, quoted: str) -> Found | None:
        """The paragraph of that digest; else the one most like the quote, if any is like enough; else none."""
        if known_as in self.digests:
            return Found(self.digests.index(known_as), changed=False)
        wanted = _count(quoted)
        likeness = [_alike(wanted, counted) for counted in self._counted]
        best = max(likeness, default=0)
        return Found(likeness.index(best), changed=True) if best >= ALIKE else None


def _count(words: str) -> "Counter[str]":
    return Counter(_WORD.findall(words.casefold()))


def _alike(one: "Counter[str]", other: "Counter[str]") -> float:
    """How much of two texts' words is the same, from 0 to 1, whatever their order (the Dice coefficient)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0
