"""Writes to annual reports and the handover note, each under one transaction and one name."""

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.models import User
from municipalities.models import Municipality
from municipalities.records import Outcome, add, amend, moment, overwrite
from sustain.models import AnnualReport, Handover
from sustain.paper import as_text
from sustain.reporting import finished_paper


class FinishedError(Exception):
    """The report is finished; it changes only after leadership has opened it again."""


class ChangedError(Exception):
    """Somebody changed the report since it was looked at."""


class DayTakenError(ValueError):
    """The municipality has another report with that last day."""


def begin_report(*, municipality: Municipality, values: Mapping[str, object], by: User | None) -> AnnualReport:
    """A new report of the days in `values`; raises DayTakenError."""
    try:
        with transaction.atomic():
            return add(AnnualReport(municipality=municipality, **values), by=by)
    except IntegrityError as error:
        raise DayTakenError from error


def write_report(
    *, municipality: Municipality, pk: int, seen: int, values: Mapping[str, object], by: User
) -> Outcome[AnnualReport]:
    """
    Store texts or days of a report that their writer changed since version `seen`.

    Raises AnnualReport.DoesNotExist, FinishedError, and DayTakenError where another report has that last day.
    """
    try:
        with transaction.atomic():
            row = _locked(municipality, pk)
            if row.final:
                raise FinishedError
            return amend(row, seen=seen, values=values, by=by)
    except IntegrityError as error:
        raise DayTakenError from error


@transaction.atomic
def finish_report(*, municipality: Municipality, pk: int, seen: int, today: datetime.date, by: User) -> AnnualReport:
    """
    Keep all that a report shows, as it was `seen`, so that no later change of a measure changes it.

    Raises AnnualReport.DoesNotExist, FinishedError and ChangedError.
    """
    row = _locked(municipality, pk)
    if row.final:
        raise FinishedError
    if row.version != seen:
        raise ChangedError
    at = moment()
    paper = finished_paper(row, today, by=by.name, at=at)
    overwrite(row, by=by, frozen=as_text(paper), finished_at=at, finished_by=by)
    return row


@transaction.atomic
def open_report(*, municipality: Municipality, pk: int, by: User) -> AnnualReport:
    """A finished report becomes a draft again; what it showed stays in its history. Raises its DoesNotExist."""
    row = _locked(municipality, pk)
    overwrite(row, by=by, frozen="", finished_at=None, finished_by=None)
    return row


def _locked(municipality: Municipality, pk: int) -> AnnualReport:
    rows = AnnualReport.objects.filter(municipality=municipality).select_related("updated_by", "municipality")
    row: AnnualReport = rows.select_for_update(of=["self"]).get(pk=pk)
    return row


@transaction.atomic
def write_handover(
    *, municipality: Municipality, seen: int, values: Mapping[str, object], by: User
) -> Outcome[Handover]:
    """Store the texts of the note that their writer changed since version `seen`; the first write begins it."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    row = Handover.objects.select_for_update(of=["self"]).filter(municipality=municipality).first()
    if row is None:
        row = add(Handover(municipality=municipality), by=by)
    return amend(row, seen=seen, values=values, by=by)
