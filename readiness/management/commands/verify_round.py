"""Whether a frozen round is still what leadership decided on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from municipalities.management.lookup import municipality
from readiness.models import Determination
from readiness.queries import changed_since_decided


class Command(BaseCommand):
    help = (
        "Recompute the fingerprint of a decided round from its answers, evidence, policy, recommendation and "
        "determination, and from the copy kept with it. Exit 1 where anything differs, naming it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address")
        parser.add_argument("number", type=int, help="the number of the round")

    def handle(self, *args: Any, slug: str, number: int, **options: Any) -> None:
        rounds = Determination.objects.filter(round__municipality=municipality(slug), round__number=number)
        determination = rounds.select_related("round__municipality", "person").first()
        if determination is None:
            raise CommandError(f"{slug} has no decided round {number}.")
        changed = changed_since_decided(determination)
        if changed:
            raise CommandError(
                f"Round {number} of {slug} is not as it was decided on {determination.decided_on}: {'; '.join(changed)}"
            )
        self.stdout.write(
            f"Round {number} of {slug} is as it was decided on {determination.decided_on}.\n{determination.fingerprint}"
        )
