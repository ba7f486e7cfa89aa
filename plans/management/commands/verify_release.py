"""Whether a release still is what leadership made public."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from municipalities.management.lookup import municipality
from plans.models import Release


class Command(BaseCommand):
    help = "Recompute the fingerprint of a release from its data and its PDF. Exit 1 where it differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address")
        parser.add_argument("number", type=int, help="the number of the release")

    def handle(self, *args: Any, slug: str, number: int, **options: Any) -> None:
        row = Release.objects.filter(municipality=municipality(slug), number=number).first()
        if row is None:
            raise CommandError(f"{slug} has no release {number}.")
        if row.reckoned != row.fingerprint:
            raise CommandError(f"Release {number} of {slug} is not as it was made public: its fingerprint differs.")
        self.stdout.write(f"Release {number} of {slug} is as it was made public.\n{row.fingerprint}")
