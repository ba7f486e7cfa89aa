"""The attendance sheet of a meeting: who is awaited, with room to sign, as an accessible PDF."""

from dataclasses import dataclass
from datetime import datetime

from coalition.models import Meeting
from coalition.queries import MeetingPage
from documents.page import finished_page
from documents.pdf import render_pdf

# Lines for those who are not on the list.
EMPTY = 8


@dataclass(frozen=True)
class Sheet:
    """A meeting and who is awaited at it."""

    place: str
    created: datetime
    page: MeetingPage
    language: str = "en-US"

    @property
    def meeting(self) -> Meeting:
        return self.page.row

    @property
    def moment(self) -> str:
        return self.created.isoformat(timespec="seconds")

    @property
    def empty(self) -> range:
        return range(1, EMPTY + 1)


def sheet_pdf(sheet: Sheet) -> bytes:
    """The PDF; raises RenderError."""
    return render_pdf(_html(sheet))


def _html(sheet: Sheet) -> str:
    return finished_page("coalition/pdf/sheet.html", {"sheet": sheet}, language=sheet.language)
