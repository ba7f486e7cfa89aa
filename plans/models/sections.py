"""The plan, its 14 sections (the guide's outline), what is said about them, and what of it is left as it is."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from municipalities.records import Record
from plans import outline
from plans.outline import OutlineSection
from plans.rules.passages import begin
from plans.rules.progress import Own, own


class SectionStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    DRAFTING = "drafting", _("Drafting")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")


class Paper(models.TextChoices):
    LETTER = "letter", _("US Letter")
    A4 = "a4", _("A4")


class Plan(Record):
    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="plan")
    title = models.CharField(_("title"), max_length=200, default="Mobility Action Plan")
    paper = models.CharField(_("paper"), max_length=6, choices=Paper, default=Paper.LETTER)

    def __str__(self) -> str:
        return f"{self.municipality}: {self.title}"


class Section(Record):
    """
    One section: its prose in Markdown. The row exists from the plan's first day.

    `written_by` changed the text last, whoever signed the row since; `asked_by` sent it for the review that is open or
    ended in its approval; `returned` is what leadership wants changed, until the section is sent for review again.
    """

    FIELDS = ("body", "owner_id", "due")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=20)
    body = models.TextField(_("text"), blank=True)
    status = models.CharField(_("status"), max_length=12, choices=SectionStatus, default=SectionStatus.NOT_STARTED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due = models.DateField(_("due date"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    # What stood below the text then (`plans.below`); nothing where it has nothing of the kind.
    approved_as = models.CharField(max_length=64, blank=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    returned = models.TextField(blank=True, editable=False)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    returned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="section_once_a_plan"),
            models.CheckConstraint(condition=Q(status__in=SectionStatus.values), name="section_status_known"),
            models.CheckConstraint(
                condition=Q(status="approved", approved_by__isnull=False)
                | (~Q(status="approved") & Q(approved_by=None)),
                name="section_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked_by=None) | Q(status__in=["in_review", "approved"]), name="section_asked_for_a_review"
            ),
            models.CheckConstraint(
                condition=Q(returned="", returned_by=None, returned_at=None)
                | (Q(status="drafting", returned_by__isnull=False, returned_at__isnull=False) & ~Q(returned="")),
                name="section_returned_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_status_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever changes the text has written it, by whatever service."""
        names = kwargs.get("update_fields")
        if names and "body" in names:
            self.written_by = self.updated_by
            kwargs["update_fields"] = [*names, "written_by"]
        super().save(*args, **kwargs)

    @property
    def outline(self) -> OutlineSection:
        """Its place in the guide's outline: title, guidance, prompts."""
        return outline.by_key()[self.key]

    @property
    def filled(self) -> bool:
        """It has text, or fills itself from the other pages."""
        return self.outline.generated or bool(self.body.strip())

    def own(self, person: int) -> frozenset[Own]:
        """Why that person leaves its approval to somebody else; without a text, only who asked counts."""
        author = self.written_by_id if self.body.strip() else None
        return own(person, written_by=author, asked_by=self.asked_by_id)


class Passage(Record):
    """
    What of a section comments are about: a paragraph as it read then, or the whole section where nothing is quoted.

    The thread's subject is `plan/`, the section's key, and this row's number.
    """

    FIELDS = ("quote",)

    section = models.ForeignKey(Section, models.CASCADE, related_name="passages")
    # Of all its words; the quote may be their beginning alone (`plans.rules.passages`).
    digest = models.CharField(max_length=64, blank=True)
    quote = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "digest"], name="passage_once_a_section"),
            models.CheckConstraint(
                condition=Q(digest="", quote="") | (~Q(digest="") & ~Q(quote="")), name="passage_quotes_what_it_tells"
            ),
        ]

    def __str__(self) -> str:
        return self.begin or str(_("the whole section"))

    @property
    def begin(self) -> str:
        """Its first words."""
        return begin(self.quote)


class Acceptance(Record):
    """Something that the plan lacks and that the team leaves as it is, with the reason."""

    FIELDS = ("reason",)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    # The rule that found it, and what it found it in: `unled` and `action-12`.
    code = models.CharField(max_length=20)
    subject = models.CharField(max_length=40, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code", "subject"], name="acceptance_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="acceptance_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
