"""Pictures in the plan's texts: which may be shown where, and writes of them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from documents.markdown import Shown, named_pictures
from documents.pictures import Picture as Redrawn
from municipalities.models import Municipality
from municipalities.records import add, remove
from plans.export.document import Picture as Printed
from plans.models import Picture, Release, Section
from plans.outline import by_key

# One municipality's own; a plan of 14 sections needs a few dozen.
MOST = 500


class PictureInUseError(Exception):
    """A picture that a section's text or a release shows."""


class TooManyPicturesError(Exception):
    """The municipality has MOST pictures already."""


# --- Which may be shown -----------------------------------------------------------------------------------


def shown(municipality: Municipality, *texts: str) -> dict[int, Shown]:
    """The municipality's own pictures that these texts name, as its pages show them; no query where they name none."""
    return {row.pk: Shown(address(municipality, row), row.width, row.height) for row in _named(municipality, texts)}


def address(municipality: Municipality, row: Picture) -> str:
    """Where a page fetches the picture from, through the gate."""
    return reverse("plans:picture", args=[municipality.slug, row.pk])


def printed(municipality: Municipality, texts: Iterable[str]) -> dict[int, Printed]:
    """The same for the PDF; a picture whose file is gone is left out, and its words stand instead."""
    found = ((row, str(row.file.name)) for row in _named(municipality, texts))
    rows = [(row, file) for row, file in found if row.file.storage.exists(file)]
    return {row.pk: Printed(row.pk, file, row.sha256, row.width, row.height) for row, file in rows}


def files(pictures: Iterable[Printed]) -> dict[str, Path]:
    """The file of each picture of a document, by the address that its HTML has."""
    storage = Picture._meta.get_field("file").storage
    return {picture.address: Path(storage.path(picture.file)) for picture in pictures}


def _named(municipality: Municipality, texts: Iterable[str]) -> "QuerySet[Picture] | list[Picture]":
    numbers = {named.number for text in texts for named in named_pictures(text)}
    return Picture.objects.filter(municipality=municipality, pk__in=numbers) if numbers else []


def uses(row: Picture) -> list[Section]:
    """The sections whose text names the picture, in the outline's order."""
    sections = Section.objects.filter(plan__municipality=row.municipality_id, body__contains=f"image:{row.pk}")
    found = [one for one in sections if row.pk in {named.number for named in named_pictures(one.body)}]
    return sorted(found, key=lambda one: list(by_key()).index(one.key))


def named_in_releases(row: Picture) -> list[Release]:
    """The releases whose texts show the picture, withdrawn ones too."""
    rows = Release.objects.filter(municipality=row.municipality_id, data__contains=f"image:{row.pk}").defer("pdf")
    return [release for release in rows if row.pk in release.pictures]


# --- Writes -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_picture(*, municipality: Municipality, alternative: str, redrawn: Redrawn, by: User) -> Picture:
    """
    Keep a picture with its alternative text. Where anything fails, nothing of it stays on the disk.

    Raises TooManyPicturesError.
    """
    if Picture.objects.filter(municipality=municipality).count() >= MOST:
        raise TooManyPicturesError
    row = Picture(
        municipality=municipality,
        alternative=alternative,
        kind=redrawn.kind,
        width=redrawn.width,
        height=redrawn.height,
        sha256=hashlib.sha256(redrawn.content).hexdigest(),
    )
    row.file.save("picture", ContentFile(redrawn.content), save=False)
    try:
        with transaction.atomic():
            return add(row, by=by)
    except BaseException:
        row.file.delete(save=False)
        raise


@transaction.atomic
def remove_picture(*, municipality: Municipality, pk: int, by: User) -> None:
    """
    Take away a picture that no text and no release shows, with its file.

    Raises Picture.DoesNotExist and PictureInUseError.
    """
    row: Picture = Picture.objects.select_for_update(of=("self",)).get(municipality=municipality, pk=pk)
    if uses(row) or named_in_releases(row):
        raise PictureInUseError
    file = row.file
    remove(row, by=by)
    transaction.on_commit(lambda: file.delete(save=False))
