"""The sentences of the step three review: codes of the pure rule in, plain words out."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from readiness.rules.recommendation import Reason
from readiness.wording import verdict_word

POINTS: Mapping[str, Any] = {
    "review.1": gettext_lazy("Leadership knows the nine conditions and understands what each asks for"),
    "review.2": gettext_lazy("The assessment is complete, and leadership took part in it"),
    "review.3": gettext_lazy("Leadership has decided to proceed, prepare or postpone"),
}


def _names(v: Mapping[str, Any]) -> str:
    return get_text_list(list(v["names"]), _("and"))


def _unanswered(v: Mapping[str, Any]) -> str:
    return ngettext(
        "%(left)s of the %(total)s steps is not answered yet.",
        "%(left)s of the %(total)s steps are not answered yet.",
        v["left"],
    ) % {"left": v["left"], "total": v["total"]}


REASONS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "read": lambda v: _("Confirmed on this page by %(names)s.") % {"names": _names(v)},
    "unread": lambda v: _("No person in the leadership role has confirmed it on this page yet."),
    "unanswered": _unanswered,
    "alone": lambda v: _(
        "Every step is answered, but nobody of leadership has answered, judged or confirmed anything."
    ),
    "together": lambda v: (
        _("All %(total)s steps are answered; of leadership, %(names)s took part.")
        % {"total": v["total"], "names": _names(v)}
    ),
    "decided": lambda v: _("The determination is recorded: %(verdict)s.") % {"verdict": verdict_word(v["v"]).lower()},
    "undecided": lambda v: _("No determination is recorded for this round yet."),
}


def reason(found: Reason) -> str:
    return REASONS[found.code](found.values)
