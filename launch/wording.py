"""The words of the launch kit: labels of its parts and of what is filled in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from launch.models import Facts

LABELS: Mapping[str, Any] = {
    "rationale": _("Rationale"),
    "execution": _("Execution"),
    "who": _("Who can take part"),
}
TITLES: Mapping[str, Any] = {
    "message": _("Internal launch message"),
    "talking": _("Talking points"),
}
AUDIENCES: Mapping[str, Any] = {
    "message": _("To all staff, when the work begins."),
    "talking": _("For department heads and elected officials: four questions that people will ask."),
}

# Where what is missing is entered; all else on the form of facts.
PAGES: Mapping[str, str] = {"place": "details", "state": "details", "sectors": "roster"}


def fill_ins() -> dict[str, str]:
    """What each fill-in is called, by its name in the drafts."""
    names = {name: str(Facts.column(name).verbose_name) for name in Facts.FIELDS}
    return {**names, "place": str(_("place")), "state": str(_("state")), "sectors": str(_("sectors on the roster"))}
