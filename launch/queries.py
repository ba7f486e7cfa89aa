"""The launch kit read into plain dataclasses, for its page and its exports."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from coalition.queries import Coverage, coverage
from launch import kit, wording
from launch.models import Facts, Part
from launch.rules.drafting import Segment, draft, missing, plain
from municipalities.models import Municipality
from municipalities.wording import day
from readiness.models import Round, VerdictChoice


@dataclass(frozen=True)
class PartView:
    """One part as it reads: the draft, or the team's own text."""

    part: kit.Part
    segments: tuple[Segment, ...]
    names: Mapping[str, str]
    text: str = ""
    begun_from: str = ""
    version: int = 0

    @property
    def label(self) -> str:
        return str(wording.LABELS[self.part.label])

    @property
    def edited(self) -> bool:
        return bool(self.text)

    @property
    def draft(self) -> str:
        return plain(self.segments, self.names)

    @property
    def moved_on(self) -> bool:
        """A fact has changed since the team wrote its own text, so the draft says something else now."""
        return self.edited and self.begun_from != self.draft

    @property
    def words(self) -> str:
        return self.text or self.draft

    @property
    def pieces(self) -> tuple[tuple[Segment, str, str], ...]:
        """The segments of the draft, each with the label of what it fills in and the page where that is entered."""
        return tuple((s, self.names.get(s.name, ""), wording.PAGES.get(s.name, "facts")) for s in self.segments)


@dataclass(frozen=True)
class FillIn:
    """One thing that the drafts need; it is entered on `page` (facts, roster or details)."""

    name: str
    label: str
    value: str

    @property
    def page(self) -> str:
        return wording.PAGES.get(self.name, "facts")


@dataclass(frozen=True)
class LaunchKit:
    """The whole kit of one round. `facts` may be an earlier round's, which this one begins with."""

    round: Round
    facts: Facts
    fill_ins: tuple[FillIn, ...]
    parts: tuple[PartView, ...]

    @property
    def own(self) -> bool:
        """Somebody has written facts for this round; until then an earlier round's stand in for them."""
        return self.facts.pk is not None and self.facts.round_id == self.round.pk

    @property
    def message(self) -> tuple[PartView, ...]:
        return tuple(view for view in self.parts if view.part.document == "message")

    @property
    def talking(self) -> tuple[PartView, ...]:
        return tuple(view for view in self.parts if view.part.document == "talking")

    @property
    def documents(self) -> tuple[tuple[str, str, str, tuple[PartView, ...]], ...]:
        """Key, title, audience and parts of the two documents."""
        return tuple(
            (key, str(wording.TITLES[key]), str(wording.AUDIENCES[key]), getattr(self, key)) for key in kit.DOCUMENTS
        )

    @cached_property
    def missing(self) -> tuple[FillIn, ...]:
        """What parts that still read as the draft wait for."""
        waited = {name for view in self.parts if not view.edited for name in missing(view.segments)}
        return tuple(item for item in self.fill_ins if item.name in waited)

    @property
    def proceeds(self) -> bool:
        """Leadership has determined to proceed: a launch follows."""
        determination = getattr(self.round, "determination", None)
        return determination is not None and determination.verdict == VerdictChoice.PROCEED

    def part(self, key: str) -> PartView:
        """Raises KeyError for a part that the kit does not have."""
        return {view.part.key: view for view in self.parts}[key]

    @property
    def text(self) -> str:
        """Both documents as plain text."""
        blocks = []
        for _key, title, audience, parts in self.documents:
            blocks.append(f"{title.upper()}\n{audience}")
            blocks += [f"{view.part.title} ({view.label})\n{view.words}" for view in parts]
        return "\n\n".join(blocks) + "\n"


def launch_kit(municipality: Municipality, number: int | None = None) -> LaunchKit:
    """
    The kit of the newest round, or of the one of that number, in four queries.

    Raises Round.DoesNotExist.
    """
    rounds = Round.objects.of(municipality).select_related("determination")
    round_ = rounds.get(number=number) if number is not None else rounds.order_by("-number").first()
    if round_ is None:
        raise Round.DoesNotExist
    facts = Facts.objects.upto(municipality, round_.number).first() or Facts(round=round_)
    rows = {row.key: row for row in Part.objects.filter(facts=facts)} if facts.pk else {}
    own = facts.round_id == round_.pk
    fill_ins = _fill_ins(municipality, facts, coverage(municipality))
    values = {item.name: item.value for item in fill_ins}
    parts = tuple(_view(part, values, rows.get(part.key), own=own) for part in kit.load(facts.kit_version))
    return LaunchKit(round_, facts, fill_ins, parts)


def _view(part: kit.Part, values: Mapping[str, str], row: Part | None, *, own: bool) -> PartView:
    segments = draft(part.text, values)
    names = wording.fill_ins()
    if row is None:
        return PartView(part, segments, names)
    return PartView(part, segments, names, row.text, row.drafted, row.version if own else 1)


def _fill_ins(municipality: Municipality, facts: Facts, cover: Coverage) -> tuple[FillIn, ...]:
    known = {
        "place": municipality.name,
        "state": municipality.state,
        **{name: _typed(facts, name) for name in Facts.FIELDS},
        "sectors": _sectors(cover),
    }
    names = wording.fill_ins()
    return tuple(FillIn(name, names[name], value) for name, value in known.items())


def _typed(facts: Facts, name: str) -> str:
    value = getattr(facts, name)
    if not value:
        return ""
    return str(value) if name != "starts_on" else day(value)


def _sectors(cover: Coverage) -> str:
    labels = [row.label[:1].lower() + row.label[1:] for row in cover.rows if row.named]
    return "; ".join(labels)
