"""Writes of the launch kit."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from launch import kit
from launch.models import Facts, Part
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, overwrite
from readiness.models import Round


@transaction.atomic
def write_facts(*, municipality: Municipality, seen: int, values: Mapping[str, object], by: User) -> Outcome[Facts]:
    """Store facts of the newest round's kit, merged with what others wrote since version `seen`."""
    return amend(_begun(municipality, by), seen=seen, values=values, by=by)


@transaction.atomic
def write_part(*, municipality: Municipality, key: str, seen: int, text: str, drafted: str, by: User) -> Outcome[Part]:
    """
    Store the team's own wording of a part; empty text goes back to the draft. `drafted` is the draft they saw.

    Raises KeyError for a part that the kit does not have.
    """
    facts = _begun(municipality, by)
    kit.by_key(facts.kit_version)[key]
    row = Part.objects.select_for_update().filter(facts=facts, key=key).first()
    if row is None:
        row = add(Part(facts=facts, key=key, text="", drafted=""), by=by)
    outcome = amend(row, seen=seen or 1, values={"text": text}, by=by)
    if not outcome.conflicts:
        overwrite(row, by=by, drafted=drafted)
    return outcome


def _begun(municipality: Municipality, by: User) -> Facts:
    """The facts of the newest round, locked; a round's first write begins from a copy of the last kit."""
    round_ = Round.objects.of(municipality).select_for_update().order_by("-number").first()
    if round_ is None:
        raise Round.DoesNotExist
    facts: Facts | None = Facts.objects.select_for_update().filter(round=round_).first()
    return facts or _copy(Facts.objects.upto(municipality, round_.number).first(), round_, by)


def _copy(last: Facts | None, round_: Round, by: User) -> Facts:
    values = {name: getattr(last, name) for name in (*Facts.FIELDS, "kit_version")} if last else {}
    facts = add(Facts(round=round_, **values), by=by)
    for row in Part.objects.filter(facts=last) if last else ():
        add(Part(facts=facts, key=row.key, text=row.text, drafted=row.drafted), by=by)
    return facts
