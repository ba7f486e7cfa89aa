"""The framework's words that several apps share: the five pillars of support for mobility (guide step 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pillar(models.TextChoices):
    NEIGHBORHOODS = "neighborhoods", _("Opportunity-rich and inclusive neighborhoods")
    EDUCATION = "education", _("High-quality education")
    WORK = "work", _("Rewarding work")
    HEALTH = "health", _("Healthy environment and access to good health care")
    GOVERNANCE = "governance", _("Responsive and just governance")


# For the head of a narrow column.
SHORT = {
    Pillar.NEIGHBORHOODS: _("Neighborhoods"),
    Pillar.EDUCATION: _("Education"),
    Pillar.WORK: _("Work"),
    Pillar.HEALTH: _("Health"),
    Pillar.GOVERNANCE: _("Governance"),
}
