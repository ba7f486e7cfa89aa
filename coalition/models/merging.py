"""What a merge of two entries did, so that it can be undone."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality


class MergeKind(models.TextChoices):
    PARTNER = "partner", _("Partner")
    PERSON = "person", _("Person")


class Merge(models.Model):
    """Two entries that were one: `gone` was put into `kept`. The numbers are those of partners or of people."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="merges")
    kind = models.CharField(max_length=10, choices=MergeKind)
    kept = models.BigIntegerField()
    gone = models.BigIntegerField()
    # [[kind of record, number, version before, version after], …], in the order in which they were changed.
    changed = models.JSONField(default=list)
    # [[kind of record, place of the removal in its history], …], in the order in which they were removed.
    removed = models.JSONField(default=list)
    merged_at = models.DateTimeField(default=timezone.now, editable=False)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.gone} into {self.kept}"
