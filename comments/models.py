"""Comments on anything that has a key, in threads that are resolved and reopened."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet


class SubjectQuerySet(RecordQuerySet):
    def about(self, municipality: Municipality, prefix: str) -> "SubjectQuerySet":
        """On subjects that begin so, such as all of a round: `round-1/`."""
        return self.filter(municipality=municipality, subject__startswith=prefix)


class Comment(Record):
    """What somebody said about a subject, a plain key such as `round-1/leadership.1`."""

    FIELDS = ("text",)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="comments")
    subject = models.CharField(max_length=80, db_index=True)
    text = models.TextField(_("comment"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.text[:40]}"


class Mention(models.Model):
    """Somebody was named in a comment, and told of it once."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once_a_comment")]

    def __str__(self) -> str:
        return f"{self.user} in {self.comment_id}"


class Thread(Record):
    """Whether the comments on a subject are settled; a subject without a row is open."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="threads")
    subject = models.CharField(max_length=80)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "subject"], name="thread_once_a_subject"),
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="thread_resolved_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {'resolved' if self.resolved_at else 'open'}"
