"""A municipality's first day, over all apps."""

from django.db import transaction

from accounts.models import User
from municipalities.models import Municipality
from municipalities.services import create_municipality
from plans.services import start_plan
from readiness.services import start_round


@transaction.atomic
def found(*, slug: str, name: str, state: str = "", by: User | None = None) -> Municipality:
    """A municipality with its policy, its first round and its empty plan; raises ValidationError."""
    place = create_municipality(slug=slug, name=name, state=state, by=by)
    start_round(municipality=place, by=by)
    start_plan(municipality=place, by=by)
    return place
