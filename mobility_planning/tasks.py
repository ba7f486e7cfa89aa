"""What is one person's to do in a municipality, gathered from all apps."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from coalition import queries as coalition
from municipalities.models import Municipality
from plans import queries as plans
from preparedness import queries as preparedness
from readiness import queries as readiness

SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """
    One thing to do. `key` names it for good (`step leadership.1`), `kind` and `where` say it in words.

    `state` is one that the page has a mark for; `due` is a local date.
    """

    key: str
    kind: str
    title: str
    where: str
    url: str
    state: str
    due: datetime.date | None

    def overdue(self, today: datetime.date) -> bool:
        return self.due is not None and self.due < today

    def due_soon(self, today: datetime.date) -> bool:
        """Within seven days from today on."""
        return self.due is not None and today <= self.due <= today + SOON


@dataclass(frozen=True)
class TaskList:
    """A person's tasks, the most pressing first."""

    overdue: tuple[Task, ...]
    soon: tuple[Task, ...]
    later: tuple[Task, ...]
    undated: tuple[Task, ...]

    @property
    def total(self) -> int:
        return len(self.overdue) + len(self.soon) + len(self.later) + len(self.undated)


def tasks(municipality: Municipality, user: User, today: datetime.date) -> TaskList:
    """What is theirs and not finished, in one query a kind, whatever its number."""
    found = sorted(_all(municipality, user), key=lambda task: (task.due or datetime.date.max, task.key))
    dated = [task for task in found if task.due]
    return TaskList(
        overdue=tuple(task for task in dated if task.overdue(today)),
        soon=tuple(task for task in dated if task.due_soon(today)),
        later=tuple(task for task in dated if not task.overdue(today) and not task.due_soon(today)),
        undated=tuple(task for task in found if task.due is None),
    )


def count(municipality: Municipality, user: User) -> int:
    """How many they are, in one query."""
    sql, blanks = _count_sql(connection.vendor)
    iexact = connection.ops.prep_for_iexact_query
    given = {_PLACE: municipality.pk, _PERSON: user.pk, _EMAIL: iexact(user.email), _NAME: iexact(user.name)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(value, value) for value in blanks])
        return int(cursor.fetchone()[0])


# Stand where the place and the person go in the query that is kept; nothing else in it has these values.
_PLACE, _PERSON, _EMAIL, _NAME = -1, -2, "the-address", "the-name"


@cache
def _count_sql(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query and its parameters, put together once a process: every page asks it, and that took 7 of its 40 ms."""
    rows = _rows(Municipality(pk=_PLACE), User(pk=_PERSON, email=_EMAIL, name=_NAME))
    first, *others = (some.order_by().values_list("pk") for some in rows)
    union = reduce(lambda left, right: left.union(right, all=True), others, first)
    sql, blanks = union.query.get_compiler(connection=connection).as_sql()
    return f"SELECT COUNT(*) FROM ({sql}) AS tasks", blanks  # noqa: S608  # the words are Django's, the values go apart


def _rows(municipality: Municipality, user: User) -> tuple["QuerySet[Any]", ...]:
    return (
        readiness.open_steps(municipality, user),
        readiness.open_conditions(municipality, user),
        preparedness.open_actions(municipality, user),
        plans.open_sections(municipality, user),
        plans.sections_to_review(municipality, user),
        coalition.open_requests(municipality, user),
        coalition.open_follow_ups(municipality, user),
    )


def _all(municipality: Municipality, user: User) -> Iterator[Task]:
    slug = municipality.slug
    steps, conditions, actions, sections, reviews, requests, follow_ups = _rows(municipality, user)
    for step in steps.select_related("round"):
        tool = step.round.instrument
        key = readiness.condition_of(step.key)
        url = f"{reverse('readiness:condition', args=[slug, key])}#{readiness.dom(step.key)}"
        statement = tool.steps[step.key].statement
        where = tool.by_key[key].short
        yield Task(f"step {step.key}", _("Step"), statement, where, url, step.status, step.due)
    for answer in conditions.select_related("round"):
        condition = answer.round.instrument.by_key[answer.key]
        url = reverse("readiness:condition", args=[slug, answer.key])
        yield Task(
            f"condition {answer.key}",
            _("Condition"),
            answer.note or condition.question,
            condition.short,
            url,
            "not_met",
            answer.due,
        )
    for action in actions:
        url = reverse("preparedness:edit", args=[slug, action.pk])
        place = _("Preparedness plan")
        yield Task(f"action {action.pk}", _("Action"), action.title, place, url, action.status, action.due)
    for section in sections:
        url = reverse("plans:section", args=[slug, section.key])
        back = _("Returned with a comment") if section.returned else ""
        title = section.outline.title
        yield Task(f"section {section.key}", _("Plan section"), title, back, url, section.status, section.due)
    for section in reviews:
        url, title = reverse("plans:section", args=[slug, section.key]), section.outline.title
        yield Task(f"review {section.key}", _("Review"), title, _("Plan"), url, section.status, section.due)
    for row in requests:
        url = reverse("coalition:partner", args=[slug, row.pk])
        title, place = _("Ask %(name)s") % {"name": row.name}, _("Coalition")
        yield Task(f"request {row.pk}", _("Request"), title, place, url, row.status, row.follow_up_on)
    for row in follow_ups:
        url = f"{reverse('coalition:meeting', args=[slug, row.meeting_id])}#follow-ups"
        yield Task(f"follow-up {row.pk}", _("Follow-up"), row.text, row.meeting.title, url, "todo", row.due)
