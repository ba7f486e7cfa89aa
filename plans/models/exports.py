"""Files of the plan that are made while somebody waits."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Not made")
    CANCELLED = "cancelled", _("Stopped")


class Problem(models.TextChoices):
    """Why a file could not be made, in words for whoever waits for it."""

    TIME = "time", _("It would take too long to make.")
    MEMORY = "memory", _("It would need too much memory to make.")
    SIZE = "size", _("The file would be too large to send.")
    STOPPED = "stopped", _("The work was interrupted. Please try again.")
    FAULT = "fault", _("The fault is on our side and has been written down.")

    @property
    def too_large(self) -> bool:
        """The plan's writers can do something about it."""
        return self in (Problem.TIME, Problem.MEMORY, Problem.SIZE)


class Export(models.Model):
    """
    A file of the plan that is made while its person waits: the queue and what its page tells are the same row.

    `key` is the file's in `documents.cache`; `done` counts pages of its stage; `alive_at` is the last sign of life of
    whoever makes it. It holds nothing that anybody wrote, so it keeps no history and goes after LIFETIME.
    """

    LIFETIME = datetime.timedelta(days=7)
    # So long after its last sign, nobody makes it any more; so long after it was asked for, nobody will.
    SILENCE = datetime.timedelta(minutes=1)
    PATIENCE = datetime.timedelta(hours=1)
    OPEN = (ExportState.WAITING, ExportState.RUNNING)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=ExportState, default=ExportState.WAITING)
    stage = models.CharField(max_length=6, blank=True)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=7, choices=Problem, blank=True)
    mail = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    alive_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "user", "kind"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(problem="")) | (~Q(state="failed") & Q(problem="")),
                name="export_failed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_state_display()}"

    @property
    def open(self) -> bool:
        return self.state in self.OPEN

    @property
    def refused(self) -> Problem | None:
        return Problem(self.problem) if self.problem else None
