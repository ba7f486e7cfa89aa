"""The sentences of the readiness assessment: codes and values of the pure rules in, plain words out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.instrument import Instrument
from readiness.models import VerdictChoice
from readiness.rules.policy import PolicyError
from readiness.rules.recommendation import Gap, Reason, Recommendation


def explanation(recommendation: Recommendation, instrument: Instrument) -> tuple[str, ...]:
    """Why the recommendation is what it is, a sentence a line; the second names the rule that decided."""
    return tuple(sentence(reason, instrument) for reason in recommendation.reasons)


def sentence(reason: Reason, instrument: Instrument) -> str:
    return SENTENCES[reason.code](reason.values, instrument)


def names(keys: Iterable[str], instrument: Instrument) -> str:
    """Conditions by their short names: "Leadership, Data and Equity"."""
    return get_text_list([instrument.by_key[key].short for key in keys], _("and"))


def verdict_word(verdict: str) -> str:
    """ "Proceed", "Prepare" or "Postpone"."""
    return str(VerdictChoice(verdict).label)


def policy_problem(error: PolicyError) -> str:
    """What is wrong with a policy, in words that say how to mend it."""
    if error.code == "unknown":
        return _("Unknown condition: %(keys)s.") % {"keys": ", ".join(error.keys)}
    return _("The numbers must rise: prepare at 1 or more, proceed above prepare, and proceed at 9 or less.")


def _counted(v: Mapping[str, Any], i: Instrument) -> str:
    return _("%(met)s of %(total)s conditions are met.") % v


def _few(v: Mapping[str, Any], i: Instrument) -> str:
    return (
        _(
            "That is fewer than the %(least)s that this policy asks for to prepare, "
            "so the recommendation is to postpone."
        )
        % v
    )


def _some(v: Mapping[str, Any], i: Instrument) -> str:
    return (
        _(
            "That is at least the %(least)s needed to prepare but fewer than the %(most)s needed to proceed, "
            "so the recommendation is to prepare."
        )
        % v
    )


def _held(v: Mapping[str, Any], i: Instrument) -> str:
    values = {**v, "names": names(v["required"], i)}
    return (
        ngettext(
            "That is enough to proceed (%(least)s), but a required condition is not met: %(names)s. "
            "So the recommendation is held at prepare.",
            "That is enough to proceed (%(least)s), but required conditions are not met: %(names)s. "
            "So the recommendation is held at prepare.",
            len(v["required"]),
        )
        % values
    )


def _most(v: Mapping[str, Any], i: Instrument) -> str:
    if not v["required"]:
        return _("That is at least the %(least)s needed, so the recommendation is to proceed.") % v
    return _(
        "That is at least the %(least)s needed, with every required condition (%(names)s) among them, "
        "so the recommendation is to proceed."
    ) % {**v, "names": names(v["required"], i)}


def _distance(v: Mapping[str, Any], i: Instrument) -> str:
    return ngettext(
        "%(conditions)s more condition met would raise it to %(verdict)s.",
        "%(conditions)s more conditions met would raise it to %(verdict)s.",
        v["conditions"],
    ) % {**v, "verdict": verdict_word(v["verdict"]).lower()}


def _distance_required(v: Mapping[str, Any], i: Instrument) -> str:
    return ngettext(
        "%(conditions)s more condition met would raise it to %(verdict)s; it must be %(names)s.",
        "%(conditions)s more conditions met would raise it to %(verdict)s; among them must be %(names)s.",
        v["conditions"],
    ) % {**v, "verdict": verdict_word(v["verdict"]).lower(), "names": names(v["required"], i)}


def _nearest(v: Mapping[str, Any], i: Instrument) -> str:
    return _("Nearest to being met: %(gaps)s.") % {"gaps": _gap_list(v["gaps"], i)}


def _develop(v: Mapping[str, Any], i: Instrument) -> str:
    return _("Still to develop along the way: %(gaps)s.") % {"gaps": _gap_list(v["gaps"], i)}


def _provisional(v: Mapping[str, Any], i: Instrument) -> str:
    return (
        ngettext(
            "This is provisional: %(unanswered)s step is not answered yet and counts as not in place.",
            "This is provisional: %(unanswered)s steps are not answered yet and count as not in place.",
            v["unanswered"],
        )
        % v
    )


def gap_words(gap: Gap) -> str:
    """What an unmet condition lacks: "2 steps left", or that the team judges it not met."""
    if not gap.steps_left:
        return _("all steps in place, judged not met")
    return ngettext("%(n)s step left", "%(n)s steps left", gap.steps_left) % {"n": gap.steps_left}


def _gap_list(gaps: Iterable[Gap], instrument: Instrument) -> str:
    return ", ".join(f"{instrument.by_key[gap.key].short} ({gap_words(gap)})" for gap in gaps)


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Instrument], str]] = {
    "counted": _counted,
    "few": _few,
    "some": _some,
    "held": _held,
    "most": _most,
    "distance": _distance,
    "distance_required": _distance_required,
    "nearest": _nearest,
    "develop": _develop,
    "provisional": _provisional,
}
