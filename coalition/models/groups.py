"""Working groups and meetings: who works on what together, who came, what was decided and what follows (step 6)."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coalition.models.partners import Person
from municipalities.feeds import SecretFeed
from municipalities.framework import Pillar
from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet
from municipalities.wording import day


class WorkingGroup(Record):
    """Some of the coalition's people who work on one thing. It ends and is never deleted: its meetings stay true."""

    FIELDS = ("name", "pillar", "purpose", "meets", "ended_on")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="working_groups")
    name = models.CharField(_("name"), max_length=150)
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    meets = models.CharField(_("when and where it meets"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="working_group_has_a_name"),
            models.CheckConstraint(condition=Q(pillar__in=["", *Pillar.values]), name="working_group_pillar_known"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(Record):
    """Somebody in a working group; at most one of them chairs it."""

    FIELDS = ("chair",)

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="seats")
    chair = models.BooleanField(_("chairs the group"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="group_member_once"),
            models.UniqueConstraint(fields=["group"], condition=Q(chair=True), name="group_has_one_chair"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.group}"


class MeetingQuerySet(RecordQuerySet):
    def of(self, municipality: Municipality) -> "MeetingQuerySet":
        return self.filter(municipality=municipality)

    def coming(self, today: date) -> "MeetingQuerySet":
        """From today on, the next first."""
        return self.filter(on__gte=today).order_by("on", F("starts").asc(nulls_first=True), "pk")

    def past(self, today: date) -> "MeetingQuerySet":
        """Before today, the latest first."""
        return self.filter(on__lt=today).order_by("-on", F("starts").desc(nulls_last=True), "-pk")


class Meeting(Record):
    """A meeting of a working group, or of the whole coalition (no group). It is called off, never deleted."""

    FIELDS = ("title", "on", "starts", "ends", "place", "agenda", "decisions", "called_off")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="meetings")
    group = models.ForeignKey(WorkingGroup, models.CASCADE, null=True, blank=True, related_name="meetings")
    title = models.CharField(_("title"), max_length=200)
    on = models.DateField(_("date"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    decisions = models.TextField(_("decisions"), blank=True)
    called_off = models.BooleanField(_("called off"), default=False)

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["municipality", "on"], name="meeting_by_day")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="meeting_has_a_title"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(starts__isnull=False, ends__gt=F("starts")), name="meeting_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {day(self.on)}"


class Attendance(Record):
    """
    Somebody who came to a meeting.

    `person` is the number of somebody of the coalition, and no foreign key: who leaves the coalition was there all the
    same, and finds themself there again when the removal is undone. None for a guest, who is only a name.
    """

    FIELDS = ("name",)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.BigIntegerField(null=True)
    name = models.CharField(_("name"), max_length=150)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="attendance_has_a_name"),
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FollowUp(Record):
    """What somebody took on in a meeting; it stands under their tasks until it is done."""

    FIELDS = ("text", "owner", "due", "done")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="follow_ups")
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.CharField(_("who does it"), max_length=254, blank=True)
    due = models.DateField(_("until"), null=True, blank=True)
    done = models.BooleanField(_("done"), default=False)

    class Meta:
        ordering = ["done", F("due").asc(nulls_last=True), "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="follow_up_says_something")]

    def __str__(self) -> str:
        return self.text


class MeetingFeed(SecretFeed):
    """A secret address by which somebody's calendar reads the meetings: those of one group, or all (None)."""

    group = models.ForeignKey(WorkingGroup, models.CASCADE, null=True, related_name="+")
