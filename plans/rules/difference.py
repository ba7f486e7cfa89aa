"""
What differs between two texts, in words that people read: line by line, then sentence by sentence, then word by word.

The work is bounded: every comparison says beforehand how much it could take at most, and where the sum would pass
`STEPS`, that stretch is shown as a whole, gone and come. Only then is the difference coarser, never wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from plans.rules.progress import words

# How many pairs of words may be looked at, worst case: less than a second.
STEPS = 30_000_000
# Below this share of words in common, two stretches are not one that was changed but two.
ALIKE = 0.35

# Each level's units, which put together are the text again; the last is a word or a sign with the blanks behind it.
_LEVELS: tuple[re.Pattern[str], ...] = (
    re.compile(r"[^\n]*\n+|[^\n]+"),
    re.compile(r"[^.!?\n]*[.!?\n]+\s*|[^.!?\n]+"),
    re.compile(r"\n+|(?:\w[\w'’-]*|[^\w\s])[^\S\n]*|[^\S\n]+"),
)
_BREAK = re.compile(r"(\n+)")


class Kind(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Piece:
    """A run of words that both texts have, or only the older (out) or only the newer (in)."""

    kind: Kind
    text: str

    @property
    def blank(self) -> bool:
        """Breaks alone, which have to be shown by a sign."""
        return not self.text.strip("\n")


@dataclass(frozen=True)
class Paragraph:
    """One line of either text or both; a break that came or went alone is a piece without words."""

    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.kind is not Kind.SAME for piece in self.pieces)


@dataclass(frozen=True)
class Difference:
    """`added` and `removed` are numbers of words. `spacing`: nothing but blanks and breaks differs."""

    paragraphs: tuple[Paragraph, ...]
    added: int
    removed: int
    spacing: bool

    @property
    def changed(self) -> bool:
        return any(paragraph.changed for paragraph in self.paragraphs)

    @property
    def runs(self) -> Iterator[tuple[bool, tuple[Paragraph, ...]]]:
        """Neighboring paragraphs together: whether they changed, and which."""
        found: list[Paragraph] = []
        for paragraph in self.paragraphs:
            if found and found[-1].changed != paragraph.changed:
                yield found[-1].changed, tuple(found)
                found = []
            found.append(paragraph)
        if found:
            yield found[-1].changed, tuple(found)


def difference(old: str, new: str, *, steps: int = STEPS) -> Difference:
    """What became of `old` in `new`; at most about `steps` comparisons of words."""
    pieces = _joined(_Comparison(steps).compare(old, new, 0))
    return Difference(
        tuple(_paragraphs(pieces)),
        added=sum(words(piece.text) for piece in pieces if piece.kind is Kind.IN),
        removed=sum(words(piece.text) for piece in pieces if piece.kind is Kind.OUT),
        spacing=old != new and all(piece.kind is Kind.SAME for piece in pieces),
    )


class _Comparison:
    """One comparison with what it may still cost."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def compare(self, old: str, new: str, level: int) -> list[Piece]:
        a, b = _LEVELS[level].findall(old), _LEVELS[level].findall(new)
        keys_a, keys_b = _keys(a), _keys(b)
        start = _shared(keys_a, keys_b)
        end = _shared(keys_a[start:][::-1], keys_b[start:][::-1])
        a_end, b_end = len(a) - end, len(b) - end
        found = _piece(Kind.SAME, b[:start])
        for tag, i, i_end, j, j_end in self._opcodes(keys_a[start:a_end], keys_b[start:b_end]):
            gone, come = a[start + i : start + i_end], b[start + j : start + j_end]
            found += _piece(Kind.SAME, come) if tag == "equal" else self._changed(gone, come, level)
        return found + _piece(Kind.SAME, b[b_end:])

    def _opcodes(self, a: list[str], b: list[str]) -> Iterable[tuple[str, int, int, int, int]]:
        """difflib's, unless they could cost more than there is: then all of it is changed."""
        cost = _cost(a, b)
        if cost > self.steps:
            return [("replace", 0, len(a), 0, len(b))]
        self.steps -= cost
        return SequenceMatcher(None, a, b, autojunk=False).get_opcodes()

    def _changed(self, gone: list[str], come: list[str], level: int) -> list[Piece]:
        if not gone or not come:
            return _piece(Kind.OUT, gone) + _piece(Kind.IN, come)
        old, new = "".join(gone), "".join(come)
        whole = [Piece(Kind.OUT, _apart(old, new, level)), Piece(Kind.IN, new)]
        if level + 1 == len(_LEVELS):
            return whole
        if level == 0 and len(gone) == len(come) > 1:
            pairs = zip(gone, come, strict=True)
            return [piece for one, other in pairs for piece in self._changed([one], [other], level)]
        finer = self.compare(old, new, level + 1)
        return finer if _alike(finer) else whole


def _keys(units: Iterable[str]) -> list[str]:
    """What two units are compared by: neither the blanks around them count nor how many breaks follow."""
    return [_BREAK.sub("\n", unit.strip(" \t")) or " " for unit in units]


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """How many units two lists begin with alike."""
    return next((n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b)))


def _cost(a: Sequence[str], b: Sequence[str]) -> int:
    """What difflib could take at most: all pairs of equal units, looked at again for every match it finds."""
    in_b = Counter(b)
    pairs = sum(count * in_b[unit] for unit, count in Counter(a).items())
    return (pairs + len(a)) * min(len(a), len(b))


def _alike(pieces: Iterable[Piece]) -> bool:
    """Whether enough words stayed that one reads it as the same stretch, changed."""
    count = dict.fromkeys(Kind, 0)
    for piece in pieces:
        count[piece.kind] += words(piece.text)
    same = count[Kind.SAME]
    return same >= ALIKE * (same + max(count[Kind.OUT], count[Kind.IN]))


def _apart(gone: str, come: str, level: int) -> str:
    """What went, as it stands before what came: whole lines above it, words in the same line."""
    if level == 0:
        return gone if gone.endswith("\n") else f"{gone}\n"
    return gone.rstrip("\n") if come.endswith("\n") else gone


def _piece(kind: Kind, units: Sequence[str]) -> list[Piece]:
    return [Piece(kind, "".join(units))] if units else []


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbors of one kind as one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind is piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[Paragraph]:
    """The pieces line by line; where only a break went, its two lines stay one."""
    line: list[Piece] = []
    for piece in pieces:
        for part in filter(None, _BREAK.split(piece.text)):
            is_break, alone = not part.strip("\n"), piece.kind is not Kind.SAME and piece.blank
            if alone or not is_break:
                line.append(Piece(piece.kind, part))
            if is_break and line and not (alone and piece.kind is Kind.OUT):
                yield Paragraph(tuple(line))
                line = []
    if line:
        yield Paragraph(tuple(line))
