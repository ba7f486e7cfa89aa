"""Explicit graphs of rows: a municipality is always passed on, never made twice by accident."""

import io
from typing import Any

import factory
from PIL import Image

from accounts.models import User
from coalition.models import Partner, Person
from coalition.services import add_partner
from documents.pictures import Picture as Redrawn
from mobility_planning.services import found
from municipalities.models import Membership, Municipality, Role
from municipalities.records import add
from plans.models import Picture, Publication, Release, fingerprint_of
from plans.pictures import add_picture
from plans.queries import plan_document
from readiness.models import Evidence, StepAnswer

PASSWORD = "a long enough passphrase"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@larkspur.example")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(*args, **kwargs)


def place(slug: str = "larkspur", name: str = "Larkspur County") -> Municipality:
    """A municipality on its first day: policy, blank round, empty plan."""
    return found(slug=slug, name=name, state="Ohio")


def member(municipality: Municipality, name: str, role: Role, **extra: Any) -> User:
    """A person with a seat; `name` gives the e-mail address."""
    user = UserFactory.create(name=name, email=f"{name.split()[0].lower()}@{municipality.slug}.example", **extra)
    add(Membership(municipality=municipality, user=user, role=role), by=None)
    return user


def evidence(step: StepAnswer, text: str, by: User | None = None) -> Evidence:
    """A link or the name of a document beside a step."""
    return add(Evidence(step=step, text=text, added_by=by), by=by)


def partner(municipality: Municipality, person: str = "Kim Doe", **fields: Any) -> Partner:
    """A partner of the coalition with somebody there ("" for nobody)."""
    values = {"name": "Larkspur Community College", "sector": "education", **fields}
    return add_partner(municipality=municipality, values=values, person={"name": person}, by=None)


def person(partner: Partner, name: str, **fields: Any) -> Person:
    """Somebody more at a partner."""
    return add(Person(partner=partner, name=name, **fields), by=None)


def picture(municipality: Municipality, alternative: str = "The river walk", **size: int) -> Picture:
    """A picture among those of the municipality's plan."""
    width, height = size.get("width", 60), size.get("height", 40)
    content = io.BytesIO()
    Image.new("RGB", (width, height), (65, 96, 138)).save(content, "PNG")
    redrawn = Redrawn(content.getvalue(), "png", width, height)
    by = Membership.objects.filter(municipality=municipality).earliest("pk").user
    return add_picture(municipality=municipality, alternative=alternative, redrawn=redrawn, by=by)


def release(municipality: Municipality, by: User, number: int = 1) -> Release:
    """The plan made public as it stands, whether or not it is approved; its PDF is a few bytes."""
    data, pdf = plan_document(municipality).data, b"%PDF-1.7"
    row = Release(municipality=municipality, number=number, title="Mobility Action Plan", released_by=by)
    row.data, row.pdf, row.fingerprint = data, pdf, fingerprint_of(data, pdf)
    row.save()
    add(Publication(release=row), by=by)
    return row
