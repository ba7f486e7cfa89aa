"""The coalition's roster: who takes part, from which sector, in which role (guide step 4)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from municipalities.records import Record, RecordQuerySet


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


class Status(models.TextChoices):
    IDENTIFIED = "identified", _("Identified")
    ASKED = "asked", _("Asked")
    IN_CONVERSATION = "in_conversation", _("In conversation")
    COMMITTED = "committed", _("Committed")
    DECLINED = "declined", _("Declined")


def stands(removal: Any) -> bool:
    """Whether nothing has happened to a row since this removal in its history: only then can it be undone."""
    return bool(Member.history.filter(id=removal.id).latest().pk == removal.pk)


class MemberQuerySet(RecordQuerySet):
    def of(self, municipality: Municipality) -> "MemberQuerySet":
        return self.filter(municipality=municipality)

    def for_roster(self) -> "MemberQuerySet":
        """Sorted as a roster is read: the guide's order of sectors, then organization and person."""
        order = Case(*(When(sector=s, then=Value(n)) for n, s in enumerate(Sector.values)), default=Value(len(Sector)))
        return self.order_by(order, Lower("organisation"), Lower("person"), "pk")


class Member(Record):
    FIELDS = ("organisation", "person", "sector", "role", "status")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="coalition")
    organisation = models.CharField(_("organization"), max_length=200, blank=True)
    person = models.CharField(_("person"), max_length=150, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    role = models.CharField(_("role"), max_length=20, choices=Part, default=Part.PARTNER)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.IDENTIFIED)

    objects: ClassVar[Any] = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(organisation="", person=""), name="member_has_organisation_or_person"),
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="member_sector_known"),
            models.CheckConstraint(condition=Q(role__in=Part.values), name="member_role_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="member_status_known"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.person, self.organisation) if part)
