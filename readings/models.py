"""Independent readings: each member's own view of the 31 steps before the meeting."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from readiness.models import InRound, InRoundQuerySet, Round


class Reading(InRound):
    """One member's reading of a round: `answers` has `[status, remark]` for each step key they have read."""

    FIELDS = ("answers", "done")

    round = models.ForeignKey(Round, models.CASCADE, related_name="member_readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answers: Any = models.JSONField(default=dict, blank=True)
    done = models.BooleanField(_("is done"), default=False)

    objects: ClassVar[Any] = InRoundQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="reading_once_a_member_and_round")]

    def __str__(self) -> str:
        return f"{self.user}: {len(self.answers)}"

    @property
    def in_round(self) -> int:
        return self.round_id

    def status(self, key: str) -> str:
        found: str = self.answers.get(key, ["", ""])[0]
        return found

    def remark(self, key: str) -> str:
        found: str = self.answers.get(key, ["", ""])[1]
        return found


class Opening(InRound):
    """The Mobility Advocate has opened the comparison to everybody; before, only who is done sees it."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="readings_opening")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = InRoundQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.opened_by)

    @property
    def in_round(self) -> int:
        return self.round_id
