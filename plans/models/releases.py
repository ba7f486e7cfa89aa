"""Releases of the plan, whether they can be read, and what the public says of them."""

import hashlib
import json
from functools import lru_cache
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.markdown import named_pictures
from municipalities.models import Municipality
from municipalities.records import Record


class ReleaseFrozenError(Exception):
    """A release stays what it was."""


class ReleaseQuerySet(models.QuerySet["Release"]):
    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ReleaseFrozenError

    update = bulk_update = delete = _refuse

    def standing(self) -> "ReleaseQuerySet":
        """Not withdrawn."""
        return self.filter(publication__withdrawn=False)


class Release(models.Model):
    """
    The plan as it was approved as a whole and made public: its data, its PDF, and the versions that they show.

    The fingerprint is the SHA-256 over the data as they are published, then the PDF.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    note = models.TextField(_("what is new"), blank=True)
    released_at = models.DateTimeField(default=timezone.now, editable=False)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    # The version of each section that it shows, by the section's key.
    versions = models.JSONField(default=dict)
    data = models.TextField()
    pdf = models.BinaryField()
    fingerprint = models.CharField(max_length=64, editable=False)

    objects: ClassVar[Any] = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["municipality", "number"], name="release_once_a_number")]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ReleaseFrozenError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ReleaseFrozenError

    @property
    def pictures(self) -> frozenset[int]:
        """The numbers of the pictures that its texts name."""
        return _pictures_in(self.data)

    @property
    def reckoned(self) -> str:
        """The fingerprint of what is stored now."""
        return fingerprint_of(self.data, bytes(self.pdf))


# A reader's browser asks for each picture of a page, and the texts of a long plan take a second to read.
@lru_cache(maxsize=8)
def _pictures_in(data: str) -> frozenset[int]:
    texts = [str(section["text"]) for section in json.loads(data)["sections"]]
    return frozenset(named.number for text in texts for named in named_pictures(text))


class Publication(Record):
    """Whether a release can be read; its history tells who withdrew it and who made it public again."""

    FIELDS = ("withdrawn",)

    release = models.OneToOneField(Release, models.CASCADE, related_name="publication")
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.release_id}: {'withdrawn' if self.withdrawn else 'public'}"


def fingerprint_of(data: str, pdf: bytes) -> str:
    """SHA-256 over the data as a file, then the PDF; 64 hexadecimal digits."""
    return hashlib.sha256(data.encode() + pdf).hexdigest()


class FeedbackState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SHOWN = "shown", _("Shown in public")
    ASIDE = "aside", _("Set aside")


class Feedback(Record):
    """What somebody of the public says of a release; nobody sees it in public before the team shows it."""

    FIELDS = ("state",)

    release = models.ForeignKey(Release, models.CASCADE, related_name="feedback")
    name = models.CharField(_("name"), max_length=100, blank=True)
    text = models.TextField(_("what they say"))
    language = models.CharField(max_length=2)
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=7, choices=FeedbackState, default=FeedbackState.WAITING)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_says_something"),
            models.CheckConstraint(condition=Q(state__in=FeedbackState.values), name="feedback_state_known"),
        ]

    def __str__(self) -> str:
        return self.text
