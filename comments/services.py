"""Writes of comments. Whoever calls them has asked whether the subject still takes comments."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.letters import tell
from accounts.models import User
from comments.models import Comment, Mention, Thread
from comments.queries import people
from comments.rules.mentions import mentioned
from municipalities.models import Municipality
from municipalities.records import add, moment, overwrite, remove


class NotYoursError(Exception):
    """Only who wrote a comment changes it or takes it away."""


@transaction.atomic
def post(
    *, municipality: Municipality, subject: str, text: str, by: User, link: str, keepers: Iterable[int | None] = ()
) -> Comment:
    """
    Say something about a subject; an earlier settlement of it ends.

    Members who are mentioned, who wrote there before, or who look after the subject (`keepers`), get one e-mail with
    the `link` once all is stored.
    """
    before = set(Comment.objects.filter(municipality=municipality, subject=subject).values_list("author", flat=True))
    said = Comment(municipality=municipality, subject=subject, text=text, author=by, written_at=moment())
    row = add(said, by=by)
    _set_resolved(municipality, subject, by=by, resolved=False)
    _tell(row, link, concerned=before | set(keepers))
    return row


@transaction.atomic
def edit(*, municipality: Municipality, pk: int, text: str, by: User, link: str) -> Comment:
    """Say it otherwise; only the newly mentioned are told. Raises Comment.DoesNotExist and NotYoursError."""
    row = _own(municipality, pk, by)
    overwrite(row, by=by, text=text)
    _tell(row, link)
    return row


@transaction.atomic
def take_away(*, municipality: Municipality, pk: int, by: User) -> Comment:
    """Remove one's own comment; its history stays. Raises Comment.DoesNotExist and NotYoursError."""
    row = _own(municipality, pk, by)
    remove(row, by=by)
    return row


@transaction.atomic
def set_resolved(*, municipality: Municipality, subject: str, resolved: bool, by: User) -> None:
    """Settle a thread, or open it again."""
    _set_resolved(municipality, subject, by=by, resolved=resolved)


def _set_resolved(municipality: Municipality, subject: str, *, by: User, resolved: bool) -> None:
    row = Thread.objects.select_for_update().filter(municipality=municipality, subject=subject).first()
    values = {"resolved_by": by, "resolved_at": moment()} if resolved else {}
    if row is None:
        if resolved:
            add(Thread(municipality=municipality, subject=subject, **values), by=by)
    elif resolved != (row.resolved_at is not None):
        overwrite(row, by=by, **{"resolved_by": None, "resolved_at": None, **values})


def _own(municipality: Municipality, pk: int, by: User) -> Comment:
    row: Comment = Comment.objects.select_for_update().get(municipality=municipality, pk=pk)
    if row.author_id != by.pk:
        raise NotYoursError
    return row


def _tell(row: Comment, link: str, *, concerned: Iterable[int | None] = ()) -> None:
    members = people(row.municipality)
    wanted = mentioned(row.text, {pk: (user.name, user.email) for pk, user in members.items()})
    told = set(Mention.objects.filter(comment=row).values_list("user", flat=True))
    new = sorted(wanted - told)
    Mention.objects.bulk_create(Mention(comment=row, user_id=pk) for pk in new)
    receivers = [members[pk] for pk in new if pk != row.author_id]
    subject = _("%(who)s mentioned you") % {"who": row.author}
    tell(receivers, subject, "comments/email/mention.txt", comment=row, link=link)
    others = set(concerned) - wanted - {row.author_id}
    listening = [user for pk, user in members.items() if pk in others]
    subject = _("%(who)s commented in %(place)s") % {"who": row.author, "place": row.municipality}
    tell(listening, subject, "comments/email/comment.txt", comment=row, link=link)
