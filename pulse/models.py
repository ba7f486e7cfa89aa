"""
The staff pulse: surveys, invitations and anonymous answers.

What ties an answer to a person is never stored: an answer has a random key, its group, its choices and the survey,
but no time, address, user or invitation, and no history. An invitation has the digest of its secret and whether it
was used, but not when, and no address. Results are shown only after closing, so nothing can be told from how they
grow. What remains: whoever reads the database itself between two answers sees which answer is new.
"""

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, digest
from pulse import instrument


class SurveyQuerySet(models.QuerySet["Survey"]):
    def of(self, municipality: Municipality) -> "SurveyQuerySet":
        return self.filter(municipality=municipality)

    def open(self) -> "SurveyQuerySet":
        return self.filter(closed_at=None)

    def closed(self) -> "SurveyQuerySet":
        return self.exclude(closed_at=None)


class Survey(models.Model):
    """One asking of the staff. Closed, it stays closed: results are read then, and never before."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="surveys")
    instrument_version = models.CharField(max_length=20, default=instrument.CURRENT)
    # The secret of the address that anybody may pass on; it stands on the advocate's page, so it is no password.
    token = models.CharField(max_length=64, unique=True, default=secrets.token_urlsafe, editable=False)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    invited = models.PositiveIntegerField(_("addresses invited"), default=0)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["municipality"], condition=Q(closed_at=None), name="survey_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.opened_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def instrument(self) -> instrument.Instrument:
        return instrument.load(self.instrument_version)


class Ticket(models.Model):
    """A one-time way into a survey; used or not, it tells neither by whom nor when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="tickets")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "used" if self.used else "unused"

    @classmethod
    def issue(cls, survey: Survey) -> str:
        """A stored ticket's secret, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(survey=survey, token_digest=digest(token))
        return token


class Group(models.TextChoices):
    LEADERSHIP = "leadership", _("Executive leadership")
    HEADS = "heads", _("Department heads")
    FRONT_LINE = "front_line", _("Front line staff")
    PARTNER = "partner", _("Partner organizations")


class Answer(models.Model):
    """What one person said: `choices` has a number from 1 to 5 for each statement they did not leave out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    group = models.CharField(max_length=12, choices=Group)
    choices: Any = models.JSONField()

    class Meta:
        # Its order tells nothing: the key is random.
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(group__in=Group.values), name="answer_group_known")]

    def __str__(self) -> str:
        return str(self.group)
