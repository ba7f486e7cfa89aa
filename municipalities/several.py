"""Several keys in one column: the pillars a partner speaks to, the levers it has."""

from collections.abc import Iterable
from typing import Any

from django.db import models


class SeveralField(models.CharField):
    """
    A tuple of keys of `kinds`, stored in their order with a space between them.

    No key is part of another one, so `__contains` finds it on every engine, and equal sets group together.
    """

    def __init__(self, *args: Any, kinds: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        self.kinds = kinds
        super().__init__(*args, **{"max_length": 100, "blank": True, "default": (), **kwargs})

    def from_db_value(self, value: str | None, *_rest: object) -> tuple[str, ...]:
        return tuple((value or "").split())

    def to_python(self, value: Any) -> tuple[str, ...]:
        return tuple(value.split() if isinstance(value, str) else value or ())

    def get_prep_value(self, value: Any) -> str:
        return value if isinstance(value, str) else " ".join(self.ordered(value or ()))

    def value_to_string(self, obj: models.Model) -> str:
        """For a backup: the words with a space between them."""
        return self.get_prep_value(self.value_from_object(obj))

    def ordered(self, values: Iterable[str]) -> tuple[str, ...]:
        """The same keys in their kinds' order, each once."""
        wanted = set(values)
        known = list(self.kinds.values) if self.kinds else sorted(wanted)
        return tuple(key for key in known if key in wanted)
