"""Who takes part or should, what is asked of them and offered to them (guide step 4)."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Lower, RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.folded import FoldedField
from municipalities.framework import Pillar
from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet
from municipalities.several import SeveralField


class Sector(models.TextChoices):
    LOCAL_GOVERNMENT = "local_government", _("Local government")
    OTHER_GOVERNMENT = "other_government", _("Other governments in the region")
    BUSINESS = "business", _("Business and private sector")
    ANCHOR = "anchor", _("Anchor institutions (hospital, university)")
    FINANCIAL = "financial", _("Financial institutions")
    NONPROFIT = "nonprofit", _("Nonprofits and community-based organizations")
    ADVOCACY = "advocacy", _("Advocacy groups")
    RESEARCH = "research", _("Research organizations")
    PHILANTHROPY = "philanthropy", _("Philanthropy")
    FAITH = "faith", _("Faith-based organizations")
    EDUCATION = "education", _("Schools and education")
    RESIDENTS = "residents", _("Residents with lived experience")


class Lever(models.TextChoices):
    """What a partner can move."""

    POLICY = "policy", _("Policy")
    FUNDING = "funding", _("Funding")
    DATA = "data", _("Data")
    TRUST = "trust", _("Trust")
    SERVICE = "service", _("Service")


class Part(models.TextChoices):
    """The part a person plays: the Management Team's roles, then everybody else's."""

    PROJECT_LEAD = "project_lead", _("Project lead")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
    DATA_LEAD = "data_lead", _("Data lead")
    ENGAGEMENT_LEAD = "engagement_lead", _("Engagement lead")
    EQUITY_LEAD = "equity_lead", _("Equity lead")
    COMMUNICATIONS_LEAD = "communications_lead", _("Communications lead")
    FACILITATOR = "facilitator", _("Facilitator or evaluator")
    PARTNER = "partner", _("Stakeholder partner")
    CHAMPION = "champion", _("Champion")


TEAM = tuple(part for part in Part if part not in (Part.PARTNER, Part.CHAMPION))


class Status(models.TextChoices):
    """How far the request has come."""

    IDENTIFIED = "identified", _("Identified")
    ASKED = "asked", _("Asked")
    IN_CONVERSATION = "in_conversation", _("In conversation")
    COMMITTED = "committed", _("Committed")
    DECLINED = "declined", _("Declined")


# Not settled yet: somebody is to ask, or to ask again.
AWAITING = (Status.IDENTIFIED, Status.ASKED, Status.IN_CONVERSATION)


class Channel(models.TextChoices):
    """How somebody was in touch."""

    MEETING = "meeting", _("Meeting")
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    EVENT = "event", _("Event")


class PartnerQuerySet(RecordQuerySet):
    def of(self, municipality: Municipality) -> "PartnerQuerySet":
        return self.filter(municipality=municipality)

    def as_read(self) -> "PartnerQuerySet":
        """Sorted as a roster is read: the guide's order of sectors, then the name."""
        order = Case(*(When(sector=s, then=Value(n)) for n, s in enumerate(Sector.values)), default=Value(len(Sector)))
        return self.order_by(order, Lower("name"), "pk")

    def first_of_each_status(self, most: int) -> "PartnerQuerySet":
        """At most so many of every status, those first that are to be followed up first."""
        row = Window(
            RowNumber(),
            partition_by=[F("status")],
            order_by=[F("follow_up_on").asc(nulls_last=True), Lower("name").asc(), F("pk").asc()],
        )
        return self.order_by().annotate(row=row).filter(row__lte=most).order_by("row")


class Partner(Record):
    """
    An organization, or a person who speaks for themself (`individual`), and the request to them.

    An individual has one person of the same name, who holds the contact details.
    """

    FACTS = ("name", "individual", "sector", "pillars", "levers", "website", "notes", "listed")
    REQUEST = ("status", "asked_by", "asked_on", "ask", "offer", "follow_up_on")
    FIELDS = (*FACTS, *REQUEST)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="partners")
    name = models.CharField(_("name"), max_length=200)
    # Folding makes three characters of one at most.
    name_folded = FoldedField(of="name", max_length=600)
    individual = models.BooleanField(_("a person who speaks for themself"), default=False)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    pillars = SeveralField(_("pillars they cover"), kinds=Pillar)
    levers = SeveralField(_("what they can move"), kinds=Lever)
    website = models.URLField(_("website"), max_length=300, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    listed = models.BooleanField(_("agreed to be named in public"), default=False)

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.IDENTIFIED)
    asked_by = models.CharField(_("who asks"), max_length=254, blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    ask = models.TextField(_("what we ask of them"), blank=True)
    offer = models.TextField(_("what we offer them"), blank=True)
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True)

    objects: ClassVar[Any] = PartnerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["municipality", "sector", "status"], name="partner_coverage"),
            models.Index(fields=["municipality", "name_folded"], name="partner_by_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="partner_has_a_name"),
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="partner_sector_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="partner_status_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_named(self) -> bool:
        """They agreed to be named in public, and have not declined to take part."""
        return self.listed and self.status != Status.DECLINED

    @property
    def awaiting(self) -> bool:
        """They have neither committed nor declined."""
        return self.status in AWAITING


class PersonQuerySet(RecordQuerySet):
    def of(self, municipality: Municipality) -> "PersonQuerySet":
        return self.filter(partner__municipality=municipality)

    def as_read(self) -> "PersonQuerySet":
        """By name, each with their partner."""
        return self.select_related("partner").order_by(Lower("name"), "pk")


class Person(Record):
    """
    Somebody at a partner. `account` is their sign-in, where they have one.

    `erased_at`: they asked to be erased; the row is kept so that counts stay true, and is not changed any more.
    """

    FIELDS = (
        *("name", "title", "email", "phone", "role", "department", "hours"),
        *("lived_experience", "listed", "notes"),
    )

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="people")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    name_folded = FoldedField(of="name", max_length=450, db_index=True)
    title = models.CharField(_("title"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    email_folded = FoldedField(of="email", max_length=762, db_index=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Part, default=Part.PARTNER)
    department = models.CharField(_("department"), max_length=150, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    lived_experience = models.BooleanField(_("has lived experience"), default=False)
    listed = models.BooleanField(_("agreed to be named in public"), default=False)
    notes = models.TextField(_("notes"), blank=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(condition=Q(role__in=Part.values), name="person_role_known"),
        ]

    @property
    def role_label(self) -> str:
        """In words. Django's own look-up hashes every choice, which tells in a list of many."""
        return str(Part(self.role).label)

    def __str__(self) -> str:
        return self.name


class Contact(Record):
    """One line of a partner's log: when, how and with whom somebody of the team was in touch, and what came of it."""

    FIELDS = ("on", "channel", "text")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts")
    on = models.DateField(_("date"))
    channel = models.CharField(_("how"), max_length=10, choices=Channel, default=Channel.MEETING)
    text = models.TextField(_("what was said"))

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="contact_says_something"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="contact_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.on}"


class Upload(models.Model):
    """A file on its way in: what was read of it, kept between the steps of an import and thrown away after."""

    LIFETIME = datetime.timedelta(days=1)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    header = models.JSONField()
    # [[line, [cell, …]], …]
    rows = models.JSONField()
    # {column number: our key}
    mapping = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Kept(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("Not yet")


class Promise(Record):
    """How one statement of the good partner self-check is kept: towards all partners, or towards one."""

    FIELDS = ("kept", "note")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="promises")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, related_name="promises")
    key = models.CharField(max_length=20)
    kept = models.CharField(_("do we?"), max_length=10, choices=Kept, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="promise_once_a_partner"),
            models.UniqueConstraint(
                fields=["municipality", "key"], condition=Q(partner=None), name="promise_once_overall"
            ),
            models.CheckConstraint(condition=Q(kept__in=["", *Kept.values]), name="promise_kept_known"),
        ]

    def __str__(self) -> str:
        return self.key
