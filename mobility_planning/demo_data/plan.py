"""The plan's sections, what is accepted of what they lack, and what people say about them and about the steps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from comments.services import post, set_resolved
from documents.markdown import blocks
from mobility_planning.demo_data.clock import at_work, moments
from mobility_planning.demo_data.town import Town
from municipalities.models import Role
from municipalities.records import noted
from plans import discussion
from plans.models import Section
from plans.rules.progress import Status
from plans.services import accept, comment, move_section, return_section, write_section
from strategy.models import StrategicAction


def accept_gaps(town: Town) -> None:
    """What the plan lacks and the team leaves as it is; `of` is the title of the action that lacks it."""
    for told in town.data.get("accepted", []):
        action = StrategicAction.objects.get(municipality=town.place, title=told["of"])
        about = {"code": told["code"], "subject": f"action-{action.pk}", "reason": told["reason"]}
        with noted(at=at_work(town.ago(17))):
            accept(municipality=town.place, **about, by=town.advocate)


def write_plan(town: Town) -> None:
    """The sections one after the other, the last one two days before the release or before today."""
    told, end = town.data["sections"], town.ahead(town.data.get("released", {"on": 0})["on"] - 2)
    for (key, section), at in zip(told.items(), moments(len(told), town.start, end), strict=True):
        _write_section(town, key, section, at)


def _write_section(town: Town, key: str, told: Mapping[str, Any], at: datetime) -> None:
    """Its owner writes it after the `drafts` of others and asks for review; another of leadership approves it."""
    owner, reached = town.people[told["owner"]], Status(told["status"])
    body = told["body"].strip()
    drafts = [(draft["by"], _before(body, draft["before"]), draft["days"]) for draft in told.get("drafts", [])]
    for by, text, days in drafts:
        _write(town, key, {"body": text}, town.people[by], at_work(at.date() - timedelta(days=days), days))
    _write(town, key, {"body": body, "owner_id": owner.pk, "due": told.get("due")}, owner, at)
    if "returned" in told:
        _return(town, key, told["returned"], owner, at)
    if reached in (Status.IN_REVIEW, Status.APPROVED):
        _move(town, key, Status.IN_REVIEW, owner, at)
    if reached is Status.APPROVED:
        _move(town, key, reached, town.first(Role.LEADERSHIP, besides=owner), at + timedelta(hours=2))


def _before(text: str, changes: Mapping[str, str]) -> str:
    """An earlier text: what stands in `text` now beside what stood there."""
    for now, then in changes.items():
        text = text.replace(now, then)
    return text


def _section(town: Town, key: str) -> Section:
    row: Section = Section.objects.get(plan__municipality=town.place, key=key)
    return row


def _write(town: Town, key: str, values: Mapping[str, Any], by: User, at: datetime) -> None:
    seen = _section(town, key).version
    with noted(at=at):
        write_section(municipality=town.place, key=key, seen=seen, values=values, by=by)


def _return(town: Town, key: str, comment: str, owner: User, at: datetime) -> None:
    """It was sent for review, and leadership has something to say."""
    _move(town, key, Status.IN_REVIEW, owner, at)
    leader, seen = town.first(Role.LEADERSHIP, besides=owner), _section(town, key).version
    with noted(at=at + timedelta(hours=2)):
        return_section(municipality=town.place, key=key, seen=seen, comment=comment, by=leader)


def _move(town: Town, key: str, status: Status, by: User, at: datetime) -> None:
    seen = _section(town, key).version
    with noted(at=at):
        move_section(municipality=town.place, key=key, seen=seen, status=status, by=by, approves=True)


def talk(town: Town) -> None:
    """Comments on the plan's sections and on the checklist's steps."""
    told = town.data.get("comments", [])
    for said, at in zip(told, moments(len(told), town.ago(20), town.ago(2)), strict=True):
        by = town.people[said["by"]]
        with noted(at=at):
            subject = _said_on_plan(town, said, by) if "section" in said else _said_on_step(town, said, by)
            if said.get("resolved"):
                set_resolved(municipality=town.place, subject=subject, resolved=True, by=by)


def _said_on_step(town: Town, said: Mapping[str, Any], by: User) -> str:
    subject = f"round-1/{said['key']}"
    post(municipality=town.place, subject=subject, text=said["text"], by=by, link="")
    return subject


def _said_on_plan(town: Town, said: Mapping[str, Any], by: User) -> str:
    """About the paragraph that begins so, or about the whole section."""
    section = _section(town, said["section"])
    words = {
        words.partition(" ")[2]: known_as for known_as, words in discussion.choices(blocks(section.body, base_level=2))
    }
    known_as = next((words[one] for one in words if one.startswith(said["on"])), "") if "on" in said else ""
    return discussion.subject(
        comment(municipality=town.place, key=section.key, known_as=known_as, text=said["text"], by=by)
    )
