"""The municipality, who belongs to it in which role, and the policy by which it reads its readiness."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.records import Record

# First parts of addresses that belong to the product itself.
RESERVED_SLUGS = frozenset(
    [
        "accounts",
        "admin",
        "api",
        "calendar",
        "help",
        "invitations",
        "livez",
        "media",
        "public",
        "readyz",
        "resume",
        "static",
        "survey",
    ]
)


class Role(models.TextChoices):
    ADVOCATE = "advocate", _("Mobility Advocate")
    CONTRIBUTOR = "contributor", _("Staff contributor")
    LEADERSHIP = "leadership", _("Leadership")
    VIEWER = "viewer", _("Viewer")


class Municipality(Record):
    FIELDS = ("name", "state")

    slug = models.CharField(
        _("address"),
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens."))
        ],
    )
    name = models.CharField(_("name"), max_length=150)
    state = models.CharField(_("state"), max_length=60, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "municipalities"
        constraints = [
            models.CheckConstraint(condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="municipality_slug_not_reserved")
        ]

    def __str__(self) -> str:
        return self.name


def default_required() -> list[str]:
    """The default policy's required conditions (guide step 3.1 calls this one necessary)."""
    return ["leadership"]


class ReadinessPolicy(Record):
    """How many conditions make *proceed* and *prepare*, and which must be among them (guide step 3.10)."""

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="policy")
    proceed = models.PositiveSmallIntegerField(_("least met to proceed"), default=7)
    prepare = models.PositiveSmallIntegerField(_("least met to prepare"), default=3)
    required = models.JSONField(_("required conditions"), default=default_required, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prepare__gt=0, proceed__gt=F("prepare"), proceed__lte=9),
                name="policy_levels_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.proceed}/{self.prepare}"


class Membership(Record):
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    title = models.CharField(_("job title"), max_length=150, blank=True)
    reminders = models.BooleanField(_("wants reminders by e-mail"), default=True)

    class Meta:
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "user"], name="membership_once_per_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


def digest(token: str) -> str:
    """What is stored of an invitation's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self) -> "InvitationQuerySet":
        """Neither used, nor withdrawn, nor expired."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def by_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_digest=digest(token))


class Invitation(models.Model):
    """A one-time way in, bound to one address, one municipality and one role; only its digest is stored."""

    LIFETIME = timedelta(days=7)

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    title = models.CharField(_("job title"), max_length=150, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "municipality",
                condition=Q(used_at=None, revoked_at=None),
                name="invitation_one_open_per_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @classmethod
    def issue(cls, **fields: Any) -> tuple["Invitation", str]:
        """A stored invitation and its secret, which is shown once and kept nowhere."""
        token = secrets.token_urlsafe(32)
        now = timezone.now()
        return cls.objects.create(
            token_digest=digest(token), created_at=now, expires_at=now + cls.LIFETIME, **fields
        ), token
