"""Priorities, their strategic actions, the logic model and the measurement plan (guide steps 7 and 8)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.entries import Entry, EntryQuerySet
from municipalities.framework import PREDICTORS, Pillar, Predictor
from municipalities.rules.numbers import grouped
from municipalities.several import SeveralField


class Placed(Entry):
    """An entry whose place among its like people choose."""

    place = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["place", "pk"]

    @property
    def dom(self) -> str:
        """Its number as a word, for the names of things on its page."""
        return str(self.pk)


class Priority(Placed):
    """One of the three to five things that the plan goes for, and its goal."""

    FIELDS = ("title", "goal")

    title = models.CharField(_("title"), max_length=200)
    goal = models.TextField(_("goal"), blank=True)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta(Placed.Meta):
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="priority_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Systems(models.TextChoices):
    """The six conditions of systems change (guide step 7)."""

    POLICIES = "policies", _("Policies")
    PRACTICES = "practices", _("Practices")
    RESOURCES = "resources", _("Resource flows")
    RELATIONSHIPS = "relationships", _("Relationships and connections")
    POWER = "power", _("Power dynamics")
    MENTAL = "mental", _("Mental models")


class StrategicAction(Placed):
    """
    What is done for a priority, by whom, and why it should work.

    `findings` and `partners` are the numbers of entries of the same municipality, as words: the history of the row and
    the merging of two writers' changes cover them.
    """

    FIELDS = (
        *("title", "priority_id", "predictor", "findings", "lead", "starts_on", "ends_on"),
        *("resources", "evidence", "equity", "systems"),
    )

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="+", verbose_name=_("priority"))
    title = models.CharField(_("what is done"), max_length=300)
    predictor = models.CharField(_("predictor"), max_length=20, choices=Predictor, blank=True)
    findings = SeveralField(_("findings it answers"), max_length=1000)
    lead = models.CharField(_("lead"), max_length=254, blank=True)
    partners = SeveralField(_("partners"), max_length=1000, editable=False)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    resources = models.TextField(_("resources"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    equity = models.TextField(_("equity aim"), blank=True)
    systems = SeveralField(_("changes in the system"), kinds=Systems)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta(Placed.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="strategic_action_has_a_title"),
            models.CheckConstraint(
                condition=Q(predictor__in=["", *Predictor.values]), name="strategic_action_predictor_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def pillar(self) -> Pillar | None:
        """Of its predictor; none where it goes across all pillars."""
        return next((pillar for pillar, some in PREDICTORS.items() if self.predictor in some), None)

    @property
    def systems_words(self) -> tuple[str, ...]:
        return tuple(str(Systems(key).label) for key in self.systems)


class Part(models.TextChoices):
    """The parts of a logic model, from left to right."""

    INPUT = "input", _("Inputs")
    ACTIVITY = "activity", _("Activities")
    OUTPUT = "output", _("Outputs")
    SHORT = "short", _("Short-term outcomes")
    MEDIUM = "medium", _("Medium-term outcomes")
    LONG = "long", _("Long-term outcomes")


class LogicItem(Placed):
    """One line in a part of an action's logic model."""

    FIELDS = ("text",)

    action = models.ForeignKey(StrategicAction, models.CASCADE, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    text = models.CharField(_("text"), max_length=300)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta(Placed.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="logic_item_says_something"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="logic_item_part_known"),
        ]

    def __str__(self) -> str:
        return self.text


class Better(models.TextChoices):
    UP = "up", _("More is better")
    DOWN = "down", _("Less is better")


class Frequency(models.TextChoices):
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    HALF = "half", _("Twice a year")
    YEARLY = "yearly", _("Every year")
    BIENNIAL = "biennial", _("Every two years")


DAYS = {
    Frequency.MONTHLY: 31,
    Frequency.QUARTERLY: 92,
    Frequency.HALF: 184,
    Frequency.YEARLY: 366,
    Frequency.BIENNIAL: 731,
}


def _number(label: Any) -> Any:
    return models.DecimalField(label, max_digits=16, decimal_places=4, null=True, blank=True)


class Measure(Placed):
    """How an input, an output or an outcome is told: from where, from what to what, by whom (guide step 8)."""

    FIELDS = (
        *("name", "unit", "better", "source", "method", "baseline", "baseline_on", "target", "target_on"),
        *("detail", "frequency", "collector", "reported"),
    )

    item = models.ForeignKey(LogicItem, models.CASCADE, related_name="+")
    name = models.CharField(_("measure"), max_length=300)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    better = models.CharField(_("which way is better"), max_length=4, choices=Better, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    method = models.CharField(_("method"), max_length=300, blank=True)
    baseline = _number(_("baseline"))
    baseline_on = models.DateField(_("day of the baseline"), null=True, blank=True)
    target = _number(_("target"))
    target_on = models.DateField(_("day of the target"), null=True, blank=True)
    detail = models.CharField(_("broken down by"), max_length=300, blank=True)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency, blank=True)
    collector = models.CharField(_("who collects it"), max_length=254, blank=True)
    reported = models.CharField(_("where it is reported"), max_length=300, blank=True)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta(Placed.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="measure_has_a_name"),
            models.CheckConstraint(condition=Q(better__in=["", *Better.values]), name="measure_direction_known"),
            models.CheckConstraint(condition=Q(frequency__in=["", *Frequency.values]), name="measure_frequency_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def every(self) -> int | None:
        """Days between two values, None where nobody has said how often."""
        return DAYS[Frequency(self.frequency)] if self.frequency else None


class ProgressEntry(Entry):
    """A value of a measure, the day it stands for, and what is to be said of it."""

    FIELDS = ("on", "value", "note")

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+")
    on = models.DateField(_("day it stands for"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "on"], condition=Q(set_aside=False), name="progress_one_value_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{grouped(self.value)} ({self.on:%b} {self.on.day}, {self.on.year})"
