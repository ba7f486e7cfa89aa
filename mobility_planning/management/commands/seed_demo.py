"""Two made-up municipalities to try the product with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from mobility_planning import demo_data


class Command(BaseCommand):
    help = "Load two made-up municipalities, unless they are there already, and print who can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-known-password",
            action="store_true",
            help="also where DEBUG is off, although anybody can read the demo's password in the source",
        )

    def handle(self, *args: Any, with_known_password: bool, **options: Any) -> None:
        if not (settings.DEBUG or with_known_password):
            raise CommandError(
                "The demo's people share a password that anybody can look up, so it is loaded only with "
                "DEBUG=true. To load it all the same, add --with-known-password."
            )
        for slug in demo_data.TOWNS:
            demo_data.seed(slug)
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        self.stdout.write(f"Demo sign-ins, all with the password {demo_data.PASSWORD}")
        for slug in demo_data.TOWNS:
            members = demo_data.sign_ins(slug)
            for member in members:
                who = f"{member.user.name}, {member.get_role_display()}"
                self.stdout.write(f"  {slug:10} {member.user.email:28} {who}")
