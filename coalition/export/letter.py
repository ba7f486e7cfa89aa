"""The request to a partner as a letter: drafted from what is written down, with a blank where something is missing."""

import datetime
from dataclasses import dataclass

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from coalition.models import Partner, Person
from documents.word import Document


@dataclass(frozen=True)
class Letter:
    """Date, whom it goes to line by line, the paragraphs, who signs; `blanks` names what is not written down yet."""

    date: str
    to: tuple[str, ...]
    paragraphs: tuple[str, ...]
    signed: tuple[str, ...]
    blanks: tuple[str, ...]
    title: str

    @property
    def text(self) -> str:
        """All of it as plain text, a blank line between its parts."""
        return "\n\n".join([self.date, "\n".join(self.to), *self.paragraphs, "\n".join(self.signed)]) + "\n"


def letter(partner: Partner, person: Person | None, *, place: str, asker: str, today: datetime.date) -> Letter:
    """
    The letter to `person`, or to the partner as a whole.

    `asker` is the name of who asks, empty where nobody is named. What is missing stands in square brackets.
    """
    blanks: list[str] = []

    def told(value: str, label: str) -> str:
        if not value.strip():
            blanks.append(label)
            return f"[{label}]"
        return value.strip()

    name = person.name if person else partner.name
    whole = [name, person.title if person else "", "" if partner.individual or not person else partner.name]
    words = {"place": place, "partner": partner.name}
    if partner.individual:
        why = _("%(place)s is writing a Mobility Action Plan, so that people who live with poverty can leave it behind "
                "and not fall back. We are gathering those without whom it would not come true, and you are one of "
                "them.")  # fmt: skip
    else:
        why = _("%(place)s is writing a Mobility Action Plan, so that people who live with poverty can leave it behind "
                "and not fall back. We are gathering those without whom it would not come true, and %(partner)s is "
                "one of them.")  # fmt: skip
    paragraphs = [
        _("Dear %(name)s,") % {"name": name},
        why % words,
        _("What we ask of you:\n%(ask)s") % {"ask": told(partner.ask, _("what we ask of them"))},
        _("What we offer you:\n%(offer)s") % {"offer": told(partner.offer, _("what we offer them"))},
        _soon(partner.follow_up_on, today),
        _("With thanks for your time,"),
    ]
    signed = (told(asker, _("who asks")), place)
    return Letter(
        date=_day(today),
        to=tuple(line for line in whole if line),
        paragraphs=tuple(paragraphs),
        signed=signed,
        blanks=tuple(blanks),
        title=_("Request to %(partner)s") % words,
    )


def _soon(follow_up: datetime.date | None, today: datetime.date) -> str:
    if follow_up and follow_up >= today:
        return _("We will be in touch around %(date)s. You can answer earlier, and also say no.") % {
            "date": _day(follow_up)
        }
    return _("We will be in touch soon. You can answer earlier, and also say no.")


def _day(date: datetime.date) -> str:
    return format_date(date, "F j, Y")


def as_word(draft: Letter, *, place: str) -> bytes:
    """The same as a Word file."""
    document = Document(draft.title, author=place)
    document.paragraph(draft.date)
    document.paragraph("\n".join(draft.to))
    for paragraph in draft.paragraphs:
        document.paragraph(paragraph)
    document.paragraph("\n".join(draft.signed))
    return document.to_bytes()
