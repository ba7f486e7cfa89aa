"""The Mobility Action Plan, its 14 sections (the guide's outline) and the pictures in their texts."""

import datetime
import hashlib
import json
import re
import secrets
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


def picture_place(row: "Picture", name: str) -> str:
    """Where a picture lies on the disk: with its municipality's others, whatever its owner called it."""
    return f"plan-pictures/{row.municipality_id}/{secrets.token_hex(20)}"


class Picture(Record):
    """A picture for the plan's texts, drawn anew (`documents.pictures`); a text names it as `image:` and its number."""

    class Kind(models.TextChoices):
        PNG = "png", "PNG"
        JPEG = "jpeg", "JPEG"

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="plan_pictures")
    alternative = models.CharField(_("alternative text"), max_length=300)
    file = models.FileField(_("file"), upload_to=picture_place)
    kind = models.CharField(max_length=4, choices=Kind)
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(alternative=""), name="picture_has_alternative_text"),
            models.CheckConstraint(condition=Q(kind__in=["png", "jpeg"]), name="picture_kind_known"),
        ]

    def __str__(self) -> str:
        return self.alternative

    @property
    def markdown(self) -> str:
        """What puts it into a text."""
        words = re.sub(r"([\\\[\]*_`<&!|])", r"\\\1", self.alternative)
        return f"![{words}](image:{self.pk})"


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


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Not made")
    CANCELLED = "cancelled", _("Stopped")


class Problem(models.TextChoices):
    """Why a file could not be made, in words for whoever waits for it."""

    TIME = "time", _("It would take too long to make.")
    MEMORY = "memory", _("It would need too much memory to make.")
    SIZE = "size", _("The file would be too large to send.")
    STOPPED = "stopped", _("The work was interrupted. Please try again.")
    FAULT = "fault", _("The fault is on our side and has been written down.")

    @property
    def too_large(self) -> bool:
        """The plan's writers can do something about it."""
        return self in (Problem.TIME, Problem.MEMORY, Problem.SIZE)


class Export(models.Model):
    """
    A file of the plan that is made while its person waits: the queue and what its page tells are the same row.

    `key` is the file's in `documents.cache`; `done` counts pages of its stage; `alive_at` is the last sign of life of
    whoever makes it. It holds nothing that anybody wrote, so it keeps no history and goes after LIFETIME.
    """

    LIFETIME = datetime.timedelta(days=7)
    # So long after its last sign, nobody makes it any more; so long after it was asked for, nobody will.
    SILENCE = datetime.timedelta(minutes=1)
    PATIENCE = datetime.timedelta(hours=1)
    OPEN = (ExportState.WAITING, ExportState.RUNNING)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=ExportState, default=ExportState.WAITING)
    stage = models.CharField(max_length=6, blank=True)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=7, choices=Problem, blank=True)
    mail = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    alive_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "user", "kind"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(problem="")) | (~Q(state="failed") & Q(problem="")),
                name="export_failed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_state_display()}"

    @property
    def open(self) -> bool:
        return self.state in self.OPEN

    @property
    def refused(self) -> Problem | None:
        return Problem(self.problem) if self.problem else None
