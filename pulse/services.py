"""Writes of the staff pulse, each under one transaction and one name."""

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from municipalities.models import Municipality, digest
from pulse.models import Answer, Survey, Ticket


class AlreadyOpenError(Exception):
    """A municipality asks one survey at a time."""


class ClosedError(Exception):
    """The survey is closed."""


class UsedError(Exception):
    """The ticket has been used."""


def open_survey(*, municipality: Municipality, by: User | None) -> Survey:
    """Begin to ask; raises AlreadyOpenError while another survey is open."""
    try:
        with transaction.atomic():
            return Survey.objects.create(municipality=municipality, opened_by=by)
    except IntegrityError as error:
        raise AlreadyOpenError from error


def close_survey(*, survey: Survey, by: User | None) -> None:
    """End the asking for good; raises ClosedError the second time."""
    if not Survey.objects.open().filter(pk=survey.pk).update(closed_at=timezone.now(), closed_by=by):
        raise ClosedError


@transaction.atomic
def issue_tickets(*, survey: Survey, addresses: Iterable[str]) -> dict[str, str]:
    """
    A one-time secret for each address, to be sent there; which is whose is not kept, only how many they are.

    Raises ClosedError.
    """
    locked = _locked_open(survey.pk)
    secrets = {address: Ticket.issue(locked) for address in addresses}
    locked.invited += len(secrets)
    locked.save(update_fields=["invited"])
    return secrets


@transaction.atomic
def answer(*, survey: Survey, group: str, choices: Mapping[str, int], token: str | None = None) -> None:
    """
    Count one person's answers: by a ticket's secret once, or by the survey's own address (`token` None).

    Raises ClosedError, and UsedError for a ticket that was used.
    """
    _locked_open(survey.pk)
    if token is not None and not Ticket.objects.filter(survey=survey, token_digest=digest(token), used=False).update(
        used=True
    ):
        raise UsedError
    Answer.objects.create(survey=survey, group=group, choices=dict(choices))


def _locked_open(pk: int) -> Survey:
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=pk)
    if not survey.is_open:
        raise ClosedError
    return survey
