"""The launch kit as a document to take away: plain values in, an accessible PDF or a Word file out."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from documents.finished import DOCX_TYPE, PDF_TYPE, Kind
from documents.page import finished_page
from documents.pdf import render_pdf
from documents.word import Document as WordDocument
from launch.queries import LaunchKit, PartView
from municipalities.models import Municipality


@dataclass(frozen=True)
class Piece:
    """Some words; `missing`: they name what is still to be filled in."""

    text: str
    missing: bool = False


@dataclass(frozen=True)
class Part:
    label: str
    title: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(f"[{piece.text}]" if piece.missing else piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Paper:
    """One of the two documents of the kit."""

    key: str
    title: str
    audience: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """All that the PDF and the Word file show, dated by the newest change. `missing`: labels still to fill in."""

    place: str
    state_line: str
    round: int
    created: datetime
    papers: tuple[Paper, ...]
    missing: tuple[str, ...]
    language: str = "en-US"

    @property
    def title(self) -> str:
        return _("Launch kit")

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")


def document_of(kit: LaunchKit, municipality: Municipality) -> Document:
    papers = tuple(Paper(key, title, who, tuple(map(_part, parts))) for key, title, who, parts in kit.documents)
    return Document(
        place=municipality.name,
        state_line=municipality.state,
        round=kit.round.number,
        created=(kit.facts.updated_at if kit.facts.pk else kit.round.started_at).astimezone(UTC),
        papers=papers,
        missing=tuple(item.label for item in kit.missing),
    )


def _part(view: PartView) -> Part:
    if view.edited:
        return Part(view.label, view.part.title, (Piece(view.text),))
    pieces = tuple(Piece(label if part.missing else part.text, part.missing) for part, label, _page in view.pieces)
    return Part(view.label, view.part.title, pieces)


def _pdf(document: Document) -> bytes:
    return render_pdf(finished_page("launch/pdf/document.html", {"document": document}, language=document.language))


def _word(document: Document) -> bytes:
    """What is missing stands in square brackets."""
    word = WordDocument(f"{document.place}: {document.title}", language=document.language, author=document.place)
    for paper in document.papers:
        word.heading(paper.title, 1)
        word.paragraph(paper.audience)
        for part in paper.parts:
            word.heading(f"{part.title} ({part.label})", 2)
            word.paragraph(part.text)
        if paper is not document.papers[-1]:
            word.page_break()
    return word.to_bytes()


PDF = Kind("launch-kit", "pdf", PDF_TYPE, _pdf)
WORD = Kind("launch-kit", "docx", DOCX_TYPE, _word)
