"""Rounds of the readiness assessment, their answers, and leadership's determination (guide step 3)."""

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet
from readiness import instrument


class StepStatus(models.TextChoices):
    NOT_YET = "not_yet", _("Not yet")
    UNDER_WAY = "under_way", _("Under way")
    IN_PLACE = "in_place", _("In place")


class ConditionState(models.TextChoices):
    NOT_YET = "not_yet", _("Not yet")
    PARTLY = "partly", _("Partly")
    IN_PLACE = "in_place", _("In place")


class VerdictChoice(models.TextChoices):
    PROCEED = "proceed", _("Proceed")
    PREPARE = "prepare", _("Prepare")
    POSTPONE = "postpone", _("Postpone")


class RoundFrozenError(Exception):
    """The round has its determination; nothing in it changes any more."""


class RoundQuerySet(models.QuerySet["Round"]):
    def of(self, municipality: Municipality) -> "RoundQuerySet":
        return self.filter(municipality=municipality)

    def open(self) -> "RoundQuerySet":
        """Not frozen by a determination."""
        return self.filter(decided_at=None)

    def update(self, **kwargs: Any) -> int:
        """Raises RoundFrozenError where one of them is decided."""
        if self.exclude(decided_at=None).exists():
            raise RoundFrozenError
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.exclude(decided_at=None).exists():
            raise RoundFrozenError
        return super().delete()

    def current(self) -> "Round | None":
        """The newest, with its determination if it has one."""
        return self.select_related("determination").order_by("-number").first()


class Round(models.Model):
    """One pass through the checklist. A determination ends it; then it never changes again."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    instrument_version = models.CharField(max_length=20, default=instrument.CURRENT)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["municipality", "number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="round_number_once"),
            models.UniqueConstraint(fields=["municipality"], condition=Q(decided_at=None), name="round_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: round {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        check_open(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        check_open(self.pk)
        return super().delete(*args, **kwargs)

    @property
    def frozen(self) -> bool:
        return self.decided_at is not None

    @property
    def instrument(self) -> instrument.Instrument:
        return instrument.load(self.instrument_version)


def check_open(*rounds: int | None) -> None:
    """Raises RoundFrozenError where one of the rounds of those ids is decided, whatever the caller has in memory."""
    known = [pk for pk in rounds if pk is not None]
    if Round.objects.exclude(decided_at=None).filter(pk__in=known).exists():
        raise RoundFrozenError


class InRoundQuerySet(RecordQuerySet):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        check_open(*{row.in_round for row in rows})
        return super().bulk_create(rows, *args, **kwargs)


class InRound(Record):
    """A row of a round: written while the round is open, never after its determination, by whatever path."""

    # Set by a service that holds the row locked and has asked: the next save need not ask again.
    known_open = False

    class Meta:
        abstract = True

    @property
    def in_round(self) -> int:
        """The id of its round."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.known_open:
            check_open(self.in_round)
        self.known_open = False
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        check_open(self.in_round)
        return super().delete(*args, **kwargs)


class AnswerQuerySet(InRoundQuerySet):
    def of(self, round_: Round) -> "AnswerQuerySet":
        return self.filter(round=round_)


class Answer(InRound):
    """A row that belongs to a round by itself."""

    class Meta:
        abstract = True

    @property
    def in_round(self) -> int:
        found: int = self.round_id  # type: ignore[attr-defined]
        return found


class StepAnswer(Answer):
    """What the municipality says of one of the 31 steps. The row exists from the round's first day."""

    FIELDS = ("status", "note", "owner", "due")

    round = models.ForeignKey(Round, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    status = models.CharField(_("status"), max_length=10, choices=StepStatus, blank=True)
    note = models.TextField(_("note"), blank=True)
    owner = models.CharField(_("owner"), max_length=254, blank=True)
    due = models.DateField(_("due date"), null=True, blank=True)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], name="step_answered_once_a_round"),
            models.CheckConstraint(condition=Q(status__in=["", *StepStatus.values]), name="step_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_status_display()}"


class ConditionAnswer(Answer):
    """The open question's answer (`note`) and, where the team judges otherwise than the checklist, the judgement."""

    FIELDS = ("judged", "reason", "note", "owner", "due")

    round = models.ForeignKey(Round, models.CASCADE, related_name="conditions")
    key = models.CharField(max_length=40)
    judged = models.CharField(_("judged state"), max_length=10, choices=ConditionState, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("what must still be addressed"), blank=True)
    owner = models.CharField(_("owner"), max_length=254, blank=True)
    due = models.DateField(_("due date"), null=True, blank=True)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], name="condition_judged_once_a_round"),
            models.CheckConstraint(condition=Q(judged__in=["", *ConditionState.values]), name="condition_state_known"),
            models.CheckConstraint(condition=Q(judged="") | ~Q(reason=""), name="judgement_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_judged_display() or 'as the checklist suggests'}"


def random_name(row: "Evidence", name: str) -> str:
    """What a file is called on the disk, whatever its owner called it."""
    return secrets.token_hex(20)


class EvidenceQuerySet(InRoundQuerySet):
    def of(self, round_: Round) -> "EvidenceQuerySet":
        return self.filter(step__round=round_)


class Evidence(InRound):
    """
    One thing that shows a step to be in place: a link, the name of a document, or a file.

    `text` is the link or the document's name; with a file, what it shows (it may be empty then).
    """

    FIELDS = ("text", "name", "verified_by", "verified_at")

    step = models.ForeignKey(StepAnswer, models.CASCADE, related_name="evidence")
    text = models.CharField(_("link or name of a document"), max_length=2000, blank=True)
    file = models.FileField(_("file"), upload_to=random_name, blank=True)
    name = models.CharField(_("file name"), max_length=255, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(file=""), name="evidence_says_something"),
            models.CheckConstraint(condition=Q(file="") | ~Q(name=""), name="evidence_file_has_a_name"),
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="evidence_verified_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(added_by=None) | ~Q(verified_by=F("added_by")),
                name="evidence_verified_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.name

    @property
    def in_round(self) -> int:
        return self.step.round_id


class Acknowledgement(Answer):
    """A leader's word that they have read the nine conditions and understand the steps (guide step 3, review)."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="acknowledged_once_a_round")]

    def __str__(self) -> str:
        return self.name


class DeterminationQuerySet(models.QuerySet["Determination"]):
    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RoundFrozenError

    update = bulk_update = delete = _refuse


class Determination(models.Model):
    """Leadership's decision on a round, and the policy and recommendation as they were that day."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="determination")
    verdict = models.CharField(_("determination"), max_length=10, choices=VerdictChoice)
    rationale = models.TextField(_("rationale"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=150)
    decided_on = models.DateField(_("date"))
    look_again_on = models.DateField(_("date to look again"), null=True, blank=True)
    conditions = models.TextField(_("conditions of the decision"), blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    policy = models.JSONField()
    recommendation = models.JSONField()
    # Everything the round held that day, and the SHA-256 over its canonical JSON.
    snapshot = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = DeterminationQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=VerdictChoice.values), name="determination_verdict_known"),
            models.CheckConstraint(condition=~Q(rationale=""), name="determination_has_a_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.get_verdict_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise RoundFrozenError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RoundFrozenError

    @property
    def differs(self) -> bool:
        """Leadership decided otherwise than the recommendation."""
        return bool(self.verdict != self.recommendation["verdict"])

    @property
    def recommended_word(self) -> str:
        return str(VerdictChoice(self.recommendation["verdict"]).label)


def blank_answers(round_: Round) -> tuple[list[StepAnswer], list[ConditionAnswer]]:
    """An unanswered row for every step and condition of the round's instrument, not yet stored."""
    steps: Iterable[str] = round_.instrument.steps
    conditions: Iterable[str] = round_.instrument.by_key
    return (
        [StepAnswer(round=round_, key=key) for key in steps],
        [ConditionAnswer(round=round_, key=key) for key in conditions],
    )
