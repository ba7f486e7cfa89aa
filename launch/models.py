"""The launch kit of a round: its facts, and the parts that the team worded differently than the draft."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from launch import kit
from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet
from readiness.models import Round

LONG = 20_000


class FactsQuerySet(RecordQuerySet):
    def upto(self, municipality: Municipality, number: int) -> "FactsQuerySet":
        """Those of that round and earlier ones, the newest first."""
        rows = self.filter(round__municipality=municipality, round__number__lte=number)
        return rows.select_related("round", "updated_by").order_by("-round__number")


class Facts(Record):
    """What the drafts of a round are filled in with; a later round begins with a copy."""

    FIELDS = (
        *("starts_on", "length", "lead_department", "budget", "set_aside_by", "pays_for", "publishes"),
        *("plans", "working_group", "groups", "lagging", "anchors", "foundation"),
    )

    round = models.OneToOneField(Round, models.CASCADE, related_name="launch_facts")
    kit_version = models.CharField(max_length=20, default=kit.CURRENT)
    starts_on = models.DateField(_("start date"), null=True, blank=True)
    length = models.CharField(_("length of the planning"), max_length=100, blank=True)
    lead_department = models.CharField(_("lead department"), max_length=200, blank=True)
    budget = models.CharField(_("budget"), max_length=100, blank=True)
    set_aside_by = models.CharField(_("who set the budget aside"), max_length=200, blank=True)
    pays_for = models.CharField(_("what the budget pays for"), max_length=500, blank=True)
    publishes = models.CharField(_("what will be published, and when"), max_length=500, blank=True)
    plans = models.CharField(_("plans it is coordinated with"), max_length=500, blank=True)
    working_group = models.CharField(_("working group"), max_length=500, blank=True)
    groups = models.CharField(_("groups most affected"), max_length=500, blank=True)
    lagging = models.CharField(_("where the numbers fall behind"), max_length=500, blank=True)
    anchors = models.CharField(_("local anchor institutions"), max_length=500, blank=True)
    foundation = models.CharField(_("local foundation"), max_length=200, blank=True)

    objects: ClassVar[Any] = FactsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "facts"

    def __str__(self) -> str:
        return f"{self.round}: launch"

    @classmethod
    def column(cls, name: str) -> "models.Field[Any, Any]":
        """The field of that name."""
        field = cls._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101  # FIELDS names no relation
        return field


class Part(Record):
    """The team's own wording of one part; empty text is the draft. `drafted`: the draft they began from."""

    FIELDS = ("text", "drafted")

    facts = models.ForeignKey(Facts, models.CASCADE, related_name="parts")
    key = models.CharField(max_length=40)
    text = models.TextField(_("text"), blank=True)
    drafted = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facts", "key"], name="launch_part_once_a_round")]

    def __str__(self) -> str:
        return self.key
