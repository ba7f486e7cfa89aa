"""Change how many conditions a municipality asks for, and which (guide step 3.10)."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management import BaseCommand, CommandError

from municipalities.management.lookup import municipality
from municipalities.models import Municipality
from readiness import instrument, queries, services, wording
from readiness.rules.policy import Policy, PolicyError


class Command(BaseCommand):
    help = "Change a municipality's readiness policy. What is not given stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the municipality's address, for example larkspur")
        parser.add_argument("--proceed", type=int, metavar="N", help="least conditions met to proceed")
        parser.add_argument("--prepare", type=int, metavar="N", help="least conditions met to prepare")
        parser.add_argument(
            "--required",
            nargs="*",
            action="extend",
            metavar="KEY",
            help="conditions that proceed cannot do without; with no key, none is required",
        )

    def handle(
        self,
        *args: Any,
        slug: str,
        proceed: int | None,
        prepare: int | None,
        required: Sequence[str] | None,
        **options: Any,
    ) -> None:
        place = municipality(slug)
        try:
            policy = _change(place, proceed, prepare, required)
        except PolicyError as error:
            raise CommandError(wording.policy_problem(error)) from error
        except services.PolicyChangedError as error:
            raise CommandError("Somebody else changed the policy at this moment. Try again.") from error
        self.stdout.write(f"{place}: {_sentence(policy)}")


def _change(place: Municipality, proceed: int | None, prepare: int | None, required: Sequence[str] | None) -> Policy:
    now, seen = queries.policy_with_version(place)
    policy = Policy(
        now.proceed if proceed is None else proceed,
        now.prepare if prepare is None else prepare,
        now.required if required is None else frozenset(required),
    )
    services.change_policy(municipality=place, policy=policy, by=None, seen=seen)
    return policy


def _sentence(policy: Policy) -> str:
    known = instrument.load()
    required = [key for key in known.by_key if key in policy.required]
    among = f"with {wording.names(required, known)} among them" if required else "whichever they are"
    return f"proceed with {policy.proceed} or more met, {among}; prepare with {policy.prepare} or more met."
