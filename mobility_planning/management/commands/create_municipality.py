"""A municipality's real start: no demo data, and one link for its Mobility Advocate."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts.links import link
from mobility_planning.services import found
from municipalities.models import RESERVED_SLUGS, Invitation, Municipality, Role
from municipalities.services import invite


class Command(BaseCommand):
    help = (
        "Create a municipality with its first readiness round and an empty plan, and print a one-time link "
        "by which its Mobility Advocate sets a password (somebody who signs in already only accepts)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the address: lower-case letters, digits and hyphens, like st-lucie")
        parser.add_argument("name", help='the name in full, like "St. Lucie County"')
        parser.add_argument("--advocate", required=True, metavar="EMAIL", help="the Mobility Advocate's e-mail")
        parser.add_argument("--state", default="", help="the state it lies in, like Florida")

    def handle(self, *args: Any, slug: str, name: str, advocate: str, state: str, **options: Any) -> None:
        slug, name, advocate, state = (text.strip() for text in (slug, name, advocate, state))
        _check(slug, name, advocate, state)
        try:
            invitation, token = _start(slug, name, advocate, state)
        except ValidationError as error:
            raise CommandError(_in_words(error)) from error
        until = date_format(timezone.localtime(invitation.expires_at), "F j, Y")
        self.stdout.write(
            f"{name} is set up at {link('overview', slug)}\n"
            f"Send {invitation.email} this link. It works once, until {until}:\n"
            f"{link('municipalities:invitation', token)}"
        )


@transaction.atomic
def _start(slug: str, name: str, advocate: str, state: str) -> tuple[Invitation, str]:
    place = found(slug=slug, name=name, state=state)
    return invite(municipality=place, email=advocate, role=Role.ADVOCATE, by=None)


def _check(slug: str, name: str, advocate: str, state: str) -> None:
    """What the models could not say in the words of somebody at a command line."""
    if not all(text.isprintable() for text in (slug, name, advocate, state)):
        raise CommandError("A value holds characters that cannot be printed. Type it again.")
    try:
        Invitation._meta.get_field("email").clean(advocate, None)
    except ValidationError as error:
        raise CommandError(f'"{advocate}" is not an e-mail address.') from error
    if slug in RESERVED_SLUGS:
        raise CommandError(f'The address "{slug}" belongs to the product itself. Choose another.')
    if Municipality.objects.filter(slug=slug).exists():
        raise CommandError(f'There is a municipality "{slug}" already.')


def _in_words(error: ValidationError) -> str:
    labels = {field.name: str(field.verbose_name).capitalize() for field in Municipality._meta.fields}
    return " ".join(f"{labels[name]}: {' '.join(texts)}" for name, texts in error.message_dict.items())
