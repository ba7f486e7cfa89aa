"""What is due or overdue, by e-mail to whom it belongs. For a daily timer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from mobility_planning import reminders


class Command(BaseCommand):
    help = (
        "E-mail every member what of theirs is due in the next seven days or overdue. Each task is told once before "
        "its date and once after it, so the command may run as often as you like; once a day is enough."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say who would be told of how much")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        failed = 0
        for digest in reminders.digests(timezone.localdate()):
            told = f"{digest.membership.municipality.slug}: {digest.membership.user.email}"
            try:
                if not dry_run:
                    reminders.send(digest)
            except OSError as error:
                failed += 1
                self.stderr.write(f"{told}: {error}")
            else:
                self.stdout.write(f"{told}: {len(digest.overdue)} overdue, {len(digest.soon)} due soon")
        if failed:
            raise CommandError(f"{failed} could not be sent. They are tried again at the next run.")
