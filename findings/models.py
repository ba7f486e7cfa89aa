"""What the plan rests on: findings, the inventory of supplemental data, the log of engagement (guide steps 5 and 6)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from municipalities.entries import Entry
from municipalities.framework import PREDICTORS, Dimension, Pillar, Predictor
from municipalities.several import SeveralField


class Access(models.TextChoices):
    PUBLIC = "public", _("Public")
    REQUEST = "request", _("On request or by agreement")
    CLOSED = "closed", _("Not to be had yet")


class Quality(models.TextChoices):
    STRONG = "strong", _("Strong")
    MARGINAL = "marginal", _("Marginal: use with care")
    WEAK = "weak", _("Weak: do not act on it")


class Sensitivity(models.TextChoices):
    OPEN = "open", _("Nobody could be recognized")
    GROUPS = "groups", _("Small groups: show totals only")
    PERSONAL = "personal", _("About persons: keep it safe")


class Source(Entry):
    """A source of supplemental data: whose it is, what it covers, how good it is (guide step 5)."""

    FIELDS = ("name", "holder", "years", "geography", "detail", "access", "quality", "sensitivity", "notes")

    name = models.CharField(_("name"), max_length=200)
    holder = models.CharField(_("who holds it"), max_length=200, blank=True)
    years = models.CharField(_("years"), max_length=100, blank=True)
    geography = models.CharField(_("geography"), max_length=200, blank=True)
    detail = models.CharField(_("can be broken down by"), max_length=300, blank=True)
    access = models.CharField(_("access"), max_length=10, choices=Access, blank=True)
    quality = models.CharField(_("quality"), max_length=10, choices=Quality, blank=True)
    sensitivity = models.CharField(_("sensitivity"), max_length=10, choices=Sensitivity, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
            models.CheckConstraint(condition=Q(access__in=["", *Access.values]), name="source_access_known"),
            models.CheckConstraint(condition=Q(quality__in=["", *Quality.values]), name="source_quality_known"),
            models.CheckConstraint(
                condition=Q(sensitivity__in=["", *Sensitivity.values]), name="source_sensitivity_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Method(models.TextChoices):
    SESSION = "session", _("Listening session or town hall")
    FOCUS = "focus", _("Focus group")
    INTERVIEWS = "interviews", _("Interviews")
    SURVEY = "survey", _("Survey")
    WALK = "walk", _("Data walk")
    BOARD = "board", _("Advisory board")
    OTHER = "other", _("Something else")


class Engagement(Entry):
    """A time when residents or stakeholders were heard, and what came back to them (guide step 6)."""

    FIELDS = (
        *("title", "method", "on", "purpose", "reached", "people", "compensation"),
        *("needs", "heard", "reported_back", "reported_on"),
    )

    title = models.CharField(_("title"), max_length=200)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    on = models.DateField(_("date"), null=True, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    reached = models.TextField(_("whom it reached"), blank=True)
    people = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    compensation = models.CharField(_("how people were paid"), max_length=300, blank=True)
    needs = models.CharField(_("access needs met"), max_length=300, blank=True)
    heard = models.TextField(_("what was heard"), blank=True)
    reported_back = models.TextField(_("how it was reported back"), blank=True)
    reported_on = models.DateField(_("reported back on"), null=True, blank=True)

    class Meta:
        ordering = [F("on").desc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="engagement_has_a_title"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="engagement_method_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Finding(Entry):
    """
    One thing that the plan has found out and rests on.

    `sources` and `engagements` are the numbers of entries of the same municipality, as words: its history and the
    merging of two writers' changes cover them with the rest of the row.
    """

    FIELDS = ("text", "predictor", "dimensions", "metrics", "sources", "engagements")

    text = models.CharField(_("what was found"), max_length=600)
    predictor = models.CharField(_("predictor"), max_length=20, choices=Predictor, blank=True)
    dimensions = SeveralField(_("speaks to"), kinds=Dimension)
    metrics = models.BooleanField(_("the Mobility Metrics show it"), default=False)
    sources = SeveralField(_("data that show it"), max_length=1000)
    engagements = SeveralField(_("where it was heard"), max_length=1000)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="finding_says_something"),
            models.CheckConstraint(condition=Q(predictor__in=["", *Predictor.values]), name="finding_predictor_known"),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"

    @property
    def pillar(self) -> Pillar | None:
        """Of its predictor; none where it goes across all pillars."""
        return next((pillar for pillar, some in PREDICTORS.items() if self.predictor in some), None)

    @property
    def dimension_words(self) -> tuple[str, ...]:
        return tuple(str(Dimension(key).label) for key in self.dimensions)
