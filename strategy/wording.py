"""Words for people about the strategy that several apps say alike."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from strategy.rules.progress import State

STATE_WORDS: Mapping[State, str | Promise] = {
    State.ON_TRACK: _("On track"),
    State.BEHIND: _("Behind"),
    State.NO_DATA: _("No data"),
}
# The mark of each state in print: good, to be watched, nothing known.
STATE_MARKS = {State.ON_TRACK: "in_place", State.BEHIND: "under_way", State.NO_DATA: "unanswered"}
