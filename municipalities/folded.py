"""A text kept a second time in the way in which Python compares names, so that a database finds it by an index."""

from typing import Any

from django.db import models


class FoldedField(models.CharField):
    """
    The case-folded text of the field called `of`, kept in step with it by every write of the product.

    No engine's own lower case is Python's: to it, STRASSE is not the same as Straße.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = str(getattr(model_instance, self.of)).casefold()
        setattr(model_instance, self.attname, folded)
        return folded


def along(kind: type[models.Model], names: Any) -> dict[str, str]:
    """The folded fields that follow those of these names: each with the name of what it folds."""
    fields = (field for field in kind._meta.concrete_fields if isinstance(field, FoldedField))
    return {field.name: field.of for field in fields if field.of in names}
