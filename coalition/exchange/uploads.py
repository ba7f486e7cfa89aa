"""A file between the steps of its import: kept for its owner alone, watched while it is applied, then thrown away."""

from dataclasses import dataclass

from django.core.cache import caches
from django.utils import timezone

from accounts.models import User
from coalition.exchange.applying import CancelledError
from coalition.exchange.columns import BY_KEY, proposed
from coalition.exchange.table import Table
from coalition.models import Upload
from municipalities.models import Municipality


def keep(*, municipality: Municipality, user: User, name: str, table: Table) -> Upload:
    """Store what was read, with the columns as they seem to be; what the person kept before goes, and what is old."""
    Upload.objects.filter(municipality=municipality, user=user).delete()
    Upload.objects.filter(created_at__lt=timezone.now() - Upload.LIFETIME).delete()
    rows = [[line, list(cells)] for line, cells in table.rows]
    mapping = {str(number): key for number, key in proposed(table.header).items()}
    return Upload.objects.create(
        municipality=municipality, user=user, name=name, header=list(table.header), rows=rows, mapping=mapping
    )


def table_of(upload: Upload) -> Table:
    """The table as it was read."""
    return Table(tuple(upload.header), tuple((line, tuple(cells)) for line, cells in upload.rows))


def mapping_of(upload: Upload) -> dict[int, str]:
    """Which of its columns is which of ours."""
    return {int(number): key for number, key in upload.mapping.items() if key in BY_KEY}


@dataclass(frozen=True)
class Progress:
    """How far an import is: rows written of how many, 0 of 0 before it begins."""

    done: int
    total: int


class Watch:
    """Tells how far an import is to whoever asks for it, and stops it where its owner says so."""

    def __init__(self, upload: Upload) -> None:
        self._key, self._stop = f"import-{upload.pk}", f"import-{upload.pk}-stop"
        self._cache = caches["progress"]

    def begin(self) -> None:
        self._cache.delete(self._stop)
        self._cache.set(self._key, (0, 0))

    def step(self, done: int, total: int) -> None:
        """Say how far it is; raises CancelledError where somebody asked to stop."""
        if self._cache.get(self._stop):
            raise CancelledError
        self._cache.set(self._key, (done, total))

    def stop(self) -> None:
        self._cache.set(self._stop, True)

    def progress(self) -> Progress:
        return Progress(*self._cache.get(self._key, (0, 0)))

    def end(self) -> None:
        self._cache.delete_many([self._key, self._stop])
