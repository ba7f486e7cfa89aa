"""What the product remembers across its apps."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Membership


class Stage(models.TextChoices):
    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")


class Reminder(models.Model):
    """A member was told of a task: once before its date and once after it; a new date starts anew."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="sent_reminders")
    task = models.CharField(max_length=80)
    due = models.DateField()
    stage = models.CharField(max_length=10, choices=Stage)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "task", "due", "stage"], name="reminder_once_a_stage"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="reminder_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.get_stage_display()}"
