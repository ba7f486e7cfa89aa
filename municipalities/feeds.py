"""Secret addresses by which somebody's calendar reads dates without signing in."""

import secrets
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from municipalities.models import Municipality, digest


class FeedQuerySet(models.QuerySet[Any]):
    def usable(self) -> "FeedQuerySet":
        """Not revoked, and of somebody who may sign in and still belongs to the municipality."""
        seated = Q(user__memberships__municipality=F("municipality"))
        return self.filter(seated, revoked_at=None, user__is_active=True)

    def by_token(self, token: str) -> "FeedQuerySet":
        return self.filter(token_digest=digest(token))


class SecretFeed(models.Model):
    """A secret address; only its digest is stored. What it shows is said by the fields of its kind."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="%(class)ss")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(class)ss")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = FeedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user}: {self.municipality}"

    @classmethod
    def issue(cls, **fields: Any) -> tuple[Self, str]:
        """A stored feed and its secret, which is shown once and kept nowhere."""
        token = secrets.token_urlsafe(32)
        row = cls(token_digest=digest(token), **fields)
        row.save(force_insert=True)
        return row, token


Kind = TypeVar("Kind", bound=SecretFeed)


def found_by(kind: type[Kind], token: str) -> Kind:
    """The feed behind a secret address; raises Http404 for one that does not work, whatever the reason."""
    row: Kind = get_object_or_404(kind.objects.usable().by_token(token).select_related("municipality", "user"))
    return row


def answer(body: bytes) -> HttpResponse:
    """A calendar as programs fetch it: they may ask again after a quarter of an hour."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    return response


def open_feed(kind: type[Kind], *, municipality: Municipality, user: User, **shows: object) -> tuple[Kind, str]:
    """An address and its secret; the person's earlier one that `shows` the same stops working."""
    earlier = kind.objects.filter(municipality=municipality, user=user, revoked_at=None, **shows)
    earlier.update(revoked_at=timezone.now())
    return kind.issue(municipality=municipality, user=user, **shows)


def revoke_feed(kind: type[SecretFeed], *, municipality: Municipality, user: User, pk: int) -> None:
    """The address stops working; raises the kind's DoesNotExist for one that is not the person's."""
    feed = kind.objects.get(municipality=municipality, user=user, pk=pk)
    kind.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())
