"""Files of the plan that a worker makes while somebody waits: asking, making, stopping, and telling by e-mail."""

import logging
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import send
from accounts.links import link
from accounts.models import User
from documents.apart import Stage, TooLargeError, watched
from municipalities.access import ALLOWED, Action
from municipalities.models import Membership, Municipality, Role
from plans.finished import KINDS, PlanFile
from plans.models import Export, ExportState, Problem
from plans.queries import plan_document

logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """Nobody waits for the file any more."""


# --- For the person who waits -----------------------------------------------------------------------------


def ask(*, municipality: Municipality, kind: PlanFile, known_as: str, by: User) -> Export:
    """The file's job: the one that is open already, or a new one; what was open for an older plan is stopped."""
    Export.objects.filter(asked_at__lt=timezone.now() - Export.LIFETIME).delete()
    give_up_silent()
    mine = Export.objects.filter(municipality=municipality, user=by, kind=kind.address, state__in=Export.OPEN)
    mine.exclude(key=known_as).update(state=ExportState.CANCELLED)
    try:
        with transaction.atomic():
            return mine.first() or Export.objects.create(
                municipality=municipality, user=by, kind=kind.address, key=known_as
            )
    except IntegrityError:
        # Asked for twice at once.
        return mine.get()


def find(*, municipality: Municipality, pk: int, by: User) -> Export:
    """The person's own job as it stands; raises Export.DoesNotExist."""
    give_up_silent()
    return Export.objects.get(municipality=municipality, user=by, pk=pk)


def stop(row: Export) -> None:
    """Whoever makes it stops at the next look."""
    Export.objects.filter(pk=row.pk, state__in=Export.OPEN).update(state=ExportState.CANCELLED)


def ask_for_mail(row: Export) -> None:
    """Tell its person by e-mail how it ended; nothing where it has ended already."""
    Export.objects.filter(pk=row.pk, state__in=Export.OPEN).update(mail=True)


def give_up_silent() -> None:
    """End what nobody makes any more: its worker was killed, or there is none."""
    now = timezone.now()
    dead = Export.objects.filter(state=ExportState.RUNNING, alive_at__lt=now - Export.SILENCE)
    forgotten = Export.objects.filter(state=ExportState.WAITING, asked_at__lt=now - Export.PATIENCE)
    (dead | forgotten).update(state=ExportState.FAILED, problem=Problem.STOPPED)


# --- For the worker ---------------------------------------------------------------------------------------


def make_next() -> bool:
    """Make the file that has waited longest; False where none waits."""
    row = Export.objects.filter(state=ExportState.WAITING).select_related("municipality", "user").order_by("pk").first()
    if row is None:
        return False
    # Another worker may be as quick.
    waiting = Export.objects.filter(pk=row.pk, state=ExportState.WAITING)
    if waiting.update(state=ExportState.RUNNING, stage=Stage.READ, alive_at=timezone.now()):
        _make(row)
    return True


def _make(row: Export) -> None:
    try:
        known_as = _made(row)
    except StoppedError:
        return
    except KeyboardInterrupt:
        # The worker ends; the next one begins anew.
        Export.objects.filter(pk=row.pk, state=ExportState.RUNNING).update(state=ExportState.WAITING, stage="", done=0)
        raise
    except TooLargeError as error:
        _end(row, state=ExportState.FAILED, problem=Problem(error.limit))
    except Exception:
        # Whatever it was, the next one's file is made.
        logger.exception("The file %s of %s could not be made.", row.kind, row.municipality.slug)
        _end(row, state=ExportState.FAILED, problem=Problem.FAULT)
    else:
        _end(row, state=ExportState.DONE, key=known_as)


def _made(row: Export) -> str:
    """The key of the plan's file as the plan is now."""
    kind, document = KINDS[row.kind], plan_document(row.municipality)
    known_as = kind.key(document)
    with watched(partial(_alive, row)):
        kind.finished(document, known_as=known_as)
    return known_as


def _alive(row: Export, stage: Stage, done: int) -> None:
    mine = Export.objects.filter(pk=row.pk, state=ExportState.RUNNING)
    if not mine.update(stage=stage, done=done, alive_at=timezone.now()):
        raise StoppedError


def _end(row: Export, **values: str) -> None:
    if Export.objects.filter(pk=row.pk, state=ExportState.RUNNING).update(**values):
        row.refresh_from_db()
        if row.mail:
            _tell(row)


def _tell(row: Export) -> None:
    """By e-mail, if the person may still read the plan."""
    seats = Membership.objects.filter(municipality=row.municipality_id, user=row.user_id, user__is_active=True)
    if not any(Action.READ in ALLOWED[Role(seat.role)] for seat in seats):
        return
    kind, ready = KINDS[row.kind], row.state == ExportState.DONE
    subject = _("Your file is ready: %(file)s") if ready else _("Your file could not be made: %(file)s")
    page = link("plans:export", row.municipality.slug, row.pk)
    file_name = kind.file_name(row.municipality.slug)
    send([row.user], subject % {"file": file_name}, "plans/email/export.txt", export=row, kind=kind, link=page)
