"""What keeps a plan alive (guide steps 8 to 10): early wins, annual progress reports, the handover note."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipalities.entries import Entry
from municipalities.models import Municipality
from municipalities.records import Record
from municipalities.several import SeveralField
from municipalities.wording import day
from strategy.models import StrategicAction


class Win(Entry):
    """
    Something that was achieved, and whom to thank for it.

    `partners` are the numbers of partners of the same municipality, as words, as a strategic action keeps them.
    """

    FIELDS = ("what", "on", "partners", "thanks", "action_id", "evidence", "public")

    what = models.CharField(_("what was achieved"), max_length=300)
    on = models.DateField(_("when"))
    partners = SeveralField(_("partners to thank"), max_length=1000)
    thanks = models.CharField(_("who else is to be thanked"), max_length=500, blank=True)
    action = models.ForeignKey(
        StrategicAction, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("strategic action")
    )
    evidence = models.URLField(_("evidence"), max_length=500, blank=True)
    public = models.BooleanField(_("may be told in public"), default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(what=""), name="win_says_something")]

    def __str__(self) -> str:
        return self.what


class AnnualReport(Record):
    """
    The progress of one year, from its first day to its last, in part in the team's own words.

    `frozen` is all that it shows, as it was when it was finished (`sustain.paper`); empty while it is a draft.
    """

    TEXTS = ("summary", "learned", "changes")
    FIELDS = ("starts_on", "ends_on", *TEXTS)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="annual_reports")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    summary = models.TextField(_("summary"), blank=True)
    learned = models.TextField(_("what was learned"), blank=True)
    changes = models.TextField(_("what changes next year"), blank=True)
    frozen = models.TextField(blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "ends_on"], name="annual_report_one_a_last_day"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="annual_report_ends_after_start"),
            models.CheckConstraint(
                condition=Q(frozen="", finished_at=None, finished_by=None)
                | (~Q(frozen="") & Q(finished_at__isnull=False, finished_by__isnull=False)),
                name="annual_report_finished_by_whom_and_as_what",
            ),
        ]

    def __str__(self) -> str:
        return _("%(first)s to %(last)s") % {"first": day(self.starts_on), "last": day(self.ends_on)}

    @property
    def final(self) -> bool:
        return self.finished_at is not None


class Handover(Record):
    """What whoever takes over should know, in the team's own words; all else of the note is drafted anew each day."""

    FIELDS = ("know", "first")

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="handover")
    know = models.TextField(_("what to know"), blank=True)
    first = models.TextField(_("what to do first"), blank=True)

    def __str__(self) -> str:
        return f"{self.municipality}: handover"
