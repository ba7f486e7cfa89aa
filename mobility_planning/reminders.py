"""The digest: one e-mail a member and municipality about what is due soon or overdue, each thing told once a stage."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accounts.links import link
from mobility_planning import tasks
from mobility_planning.models import Reminder, Stage
from mobility_planning.tasks import Task
from municipalities.models import Membership


@dataclass(frozen=True)
class Digest:
    """What one member has not been told yet."""

    membership: Membership
    overdue: tuple[Task, ...]
    soon: tuple[Task, ...]

    @property
    def total(self) -> int:
        return len(self.overdue) + len(self.soon)


def digests(today: datetime.date) -> Iterator[Digest]:
    """Everybody who wants reminders and has something new in one; an idle account gets none."""
    members = Membership.objects.filter(reminders=True, user__is_active=True)
    for membership in members.select_related("user", "municipality").order_by("pk"):
        found = tasks.tasks(membership.municipality, membership.user, today)
        told = set(membership.sent_reminders.values_list("task", "due", "stage"))
        overdue = tuple(_untold(found.overdue, Stage.OVERDUE, told))
        soon = tuple(_untold(found.soon, Stage.SOON, told))
        if overdue or soon:
            yield Digest(membership, overdue, soon)


def _untold(found: Iterable[Task], stage: Stage, told: set[tuple[str, datetime.date, str]]) -> Iterator[Task]:
    return (task for task in found if (task.key, task.due, stage) not in told)


@transaction.atomic
def send(digest: Digest) -> None:
    """
    Remember what is told, then tell it: a mail that cannot be sent (OSError) leaves nothing remembered.

    Two runs at once wait for each other at the unique reminder, and the second fails rather than tell twice.
    """
    rows = [(task, Stage.OVERDUE) for task in digest.overdue] + [(task, Stage.SOON) for task in digest.soon]
    Reminder.objects.bulk_create(
        Reminder(membership=digest.membership, task=task.key, due=task.due, stage=stage)
        for task, stage in rows
        if task.due
    )
    send_mail(_subject(digest), _text(digest), None, [digest.membership.user.email])


def _subject(digest: Digest) -> str:
    place = " ".join(digest.membership.municipality.name.split())
    words = ngettext("%(place)s: %(n)s task needs you", "%(place)s: %(n)s tasks need you", digest.total)
    return words % {"place": place, "n": digest.total}


def _text(digest: Digest) -> str:
    home = link("tasks", digest.membership.municipality.slug)
    return render_to_string("email/reminders.txt", {"digest": digest, "home": home, "site": settings.SITE_URL})
