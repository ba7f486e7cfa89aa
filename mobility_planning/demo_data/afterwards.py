"""What follows from the readiness assessment and from the plan: preparedness, the launch, early wins, the handover."""

from coalition.models import Partner
from launch.queries import launch_kit
from launch.services import write_facts, write_part
from mobility_planning.demo_data.clock import at_work, moments
from mobility_planning.demo_data.town import Town
from municipalities.entries import add_entry
from municipalities.records import noted
from preparedness.services import add_action
from strategy.models import StrategicAction
from sustain.models import Win
from sustain.rules.years import proposed
from sustain.services import begin_report, write_handover


def prepare(town: Town) -> None:
    """The preparedness plan; its dates are told in days from today."""
    told = town.data.get("actions", [])
    for action, at in zip(told, moments(len(told), town.start, town.ago(2)), strict=True):
        values = {**town.dated(action, "due"), "begun_at": at}
        by = town.people[values.pop("by")]
        with noted(at=at):
            add_action(municipality=town.place, values=values, by=by)


def prepare_launch(town: Town) -> None:
    """The facts of the launch, and the parts of its texts that the team wrote itself."""
    place, by, told = town.place, town.advocate, dict(town.data["launch"])
    parts = told.pop("parts", {})
    with noted(at=at_work(town.ago(2))):
        write_facts(municipality=place, seen=1, values=told, by=by)
        for key, text in parts.items():
            drafted = launch_kit(place).part(key).draft
            write_part(municipality=place, key=key, seen=0, text=text, drafted=drafted, by=by)


def note_wins(town: Town) -> None:
    """Early wins, which name partners and actions by their words."""
    place = town.place
    partners = {row.name: str(row.pk) for row in Partner.objects.filter(municipality=place)}
    actions = dict(StrategicAction.objects.filter(municipality=place).values_list("title", "pk"))
    for told in town.data.get("wins", []):
        values = town.dated(told, "on")
        values["partners"] = tuple(sorted(partners[name] for name in told.get("partners", [])))
        if "action" in values:
            values["action_id"] = actions[values.pop("action")]
        with noted(at=at_work(min(values["on"], town.ago(1)))):
            add_entry(Win, municipality=place, values=values, by=town.advocate)


def hand_on(town: Town) -> None:
    """The texts of a report and of a handover."""
    place, by = town.place, town.advocate
    with noted(at=at_work(town.ago(1))):
        if "report" in town.data:
            first, last = proposed(None, town.today)
            begun = {"starts_on": first, "ends_on": last, **town.data["report"]}
            begin_report(municipality=place, values=begun, by=by)
        if "handover" in town.data:
            write_handover(municipality=place, seen=1, values=town.data["handover"], by=by)
