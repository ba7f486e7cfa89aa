"""One town's file on its way into the tables: its people, its days, and what the parts of the demo are told of it."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from mobility_planning.demo_data.clock import at_work, working_day
from mobility_planning.services import found
from municipalities.models import Membership, Municipality, Role
from municipalities.records import add, noted
from readiness.models import Round

PASSWORD = "upward-mobility-demo"  # noqa: S105  # the demo's own, shown to everybody
YOUNGEST = timedelta(days=60)


def load(slug: str) -> dict[str, Any]:
    """A town as its file tells it; raises FileNotFoundError."""
    return tomllib.loads((Path(__file__).parent / "towns" / f"{slug}.toml").read_text("utf-8"))


class Town:
    """A town with its people, its first round and its empty plan; always some weeks old, whatever the clock says."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.today = timezone.localdate()
        self.start = working_day(min(data["started_on"], self.today - YOUNGEST))
        password = make_password(PASSWORD)
        self.people = {person["email"]: self._person(person, password) for person in data["people"]}
        self.advocate = self.first(Role.ADVOCATE)
        self.place = self._found()
        self.round = Round.objects.of(self.place).get()
        Round.objects.of(self.place).update(started_at=at_work(self.start))

    def _person(self, person: Mapping[str, str], password: str) -> User:
        new = {"name": person["name"], "password": password, "date_joined": at_work(self.start)}
        return User.objects.get_or_create(email=person["email"], defaults=new)[0]

    def _found(self) -> Municipality:
        told = {name: self.data[name] for name in ("slug", "name", "state")}
        with noted(at=at_work(self.start)):
            place = found(**told, by=self.advocate)
            for p in self.data["people"]:
                seat = Membership(municipality=place, user=self.people[p["email"]], role=p["role"], title=p["title"])
                add(seat, by=self.advocate)
        return place

    def first(self, role: Role, *, besides: User | None = None) -> User:
        """Who of that role stands first in the file."""
        people = (self.people[p["email"]] for p in self.data["people"] if p["role"] == role)
        return next(user for user in people if user != besides)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def dated(self, values: Mapping[str, Any], *names: str) -> dict[str, Any]:
        """The values, those of `names` that are there being days from today in the file."""
        return {**values, **{name: self.ahead(values[name]) for name in names if name in values}}
