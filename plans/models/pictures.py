"""Pictures in the plan's texts."""

import re
import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from municipalities.records import Record


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
