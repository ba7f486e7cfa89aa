"""How allauth behaves here: nobody signs up by themselves; people are invited by their municipality."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from accounts.links import link
from accounts.models import User


class ClosedAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and password do not go together."),
        "too_many_login_attempts": _("Too many tries with a wrong password. Wait five minutes, then try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """`key` holds the person and the secret, parted by the first hyphen."""
        return link("account_reset_password_from_key", *key.split("-", 1))

    def format_email_subject(self, subject: str) -> str:
        """The subject as it stands: the sender's name says where it comes from."""
        return force_str(subject)


def display(user: User) -> str:
    """What allauth's pages and mails call a person."""
    return str(user)
