"""E-mails that tell people what somebody did; what was done stands, whether they arrive or not."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import User

# Whether what is written is the past of a demo, of which nobody is told.
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)
logger = logging.getLogger(__name__)


def tell(receivers: Iterable[User], subject: str, template: str, **values: object) -> None:
    """
    An e-mail to each, who is `user` in the template, once what is being written is stored.

    The subject becomes one line, so that no name in it writes headers. What cannot be sent is logged.
    """
    if _quiet.get():
        return
    people = tuple(receivers)
    transaction.on_commit(lambda: send(people, subject, template, **values))


def send(receivers: Iterable[User], subject: str, template: str, **values: object) -> None:
    """As `tell`, at once: for what is stored already."""
    subject = " ".join(subject.split())
    for user in receivers:
        text = render_to_string(template, {**values, "user": user})
        try:
            send_mail(subject, text, None, [user.email])
        except OSError:
            logger.exception("An e-mail could not be sent: %s", template)


@contextmanager
def quiet() -> Iterator[None]:
    """Nobody is told of what is written inside."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)
