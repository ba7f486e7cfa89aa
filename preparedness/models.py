"""Actions that lift what is missing, and the calendar feeds of their dates (guide step 3.10)."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.feeds import SecretFeed
from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet


class ActionStatus(models.TextChoices):
    TODO = "todo", _("To do")
    DOING = "doing", _("Doing")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


LIVE = (ActionStatus.TODO, ActionStatus.DOING)


class ActionQuerySet(RecordQuerySet):
    def of(self, municipality: Municipality) -> "ActionQuerySet":
        return self.filter(municipality=municipality)

    def live(self) -> "ActionQuerySet":
        """Neither done nor dropped."""
        return self.filter(status__in=LIVE)


class Action(Record):
    """Something to do so that steps come into place. It outlives rounds; it is dropped with a reason, never deleted."""

    FIELDS = ("title", "how", "steps", "owner", "due", "resources", "status", "reason")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="actions")
    title = models.CharField(_("what is to be done"), max_length=300)
    how = models.TextField(_("how"), blank=True)
    # Keys of the instrument's steps, such as leadership.4, in its order.
    steps = models.JSONField(_("steps it lifts"), default=list, blank=True)
    owner = models.CharField(_("owner"), max_length=254, blank=True)
    due = models.DateField(_("due date"), null=True, blank=True)
    resources = models.TextField(_("resources"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ActionStatus, default=ActionStatus.TODO)
    reason = models.TextField(_("why it was dropped"), blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="action_has_a_title"),
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_known"),
            models.CheckConstraint(condition=~Q(status="dropped") | ~Q(reason=""), name="action_dropped_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def live(self) -> bool:
        return self.status in LIVE

    def overdue(self, today: date) -> bool:
        return self.live and self.due is not None and self.due < today


class Feed(SecretFeed):
    """A secret address by which somebody's calendar reads due dates."""

    mine_only = models.BooleanField(_("only my own actions"), default=True)
