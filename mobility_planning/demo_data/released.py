"""The plan released by leadership, and what its readers say."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mobility_planning.demo_data.clock import at_work
from mobility_planning.demo_data.town import Town
from municipalities.records import noted
from plans.models import FeedbackState, Release
from plans.releases import give_feedback, judge_feedback, release, release_page


def release_plan(town: Town) -> None:
    """One release, its PDF drawn as every release's, where all sections are approved."""
    told = town.data.get("released")
    if told is None:
        return
    seen, by = release_page(town.place).seen, town.people[told["by"]]
    with noted(at=at_work(town.ahead(told["on"]))):
        row = release(municipality=town.place, note=told["note"], seen=seen, by=by)
    for n, said in enumerate(told["feedback"]):
        _say(town, row, said, n)


def _say(town: Town, row: Release, said: Mapping[str, Any], n: int) -> None:
    """What a reader says, and what became of it where the team has read it."""
    at = at_work(town.ahead(said["on"]), n)
    words = {"name": said.get("name", ""), "text": said["text"], "language": said.get("language", "en")}
    with noted(at=at):
        given = give_feedback(release=row, **words)
    if "state" in said:
        state, by = FeedbackState(said["state"]), town.people[said["by"]]
        with noted(at=at + timedelta(hours=1)):
            judge_feedback(municipality=town.place, pk=given.pk, state=state, by=by)
