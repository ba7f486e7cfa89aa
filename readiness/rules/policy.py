"""The readiness policy: how many conditions a municipality asks for (guide step 3.10)."""

from collections.abc import Collection
from dataclasses import dataclass, field

CONDITIONS = 9


class PolicyError(ValueError):
    """A policy that cannot be: `code` names the rule it breaks, `keys` the condition keys nobody knows."""

    def __init__(self, code: str, keys: tuple[str, ...] = ()) -> None:
        self.code, self.keys = code, keys
        super().__init__(f"{code}: {', '.join(keys)}" if keys else code)


@dataclass(frozen=True)
class Policy:
    """Least conditions met for *proceed* and for *prepare*, and those that *proceed* cannot do without."""

    proceed: int = 7
    prepare: int = 3
    required: frozenset[str] = field(default=frozenset({"leadership"}))

    def __post_init__(self) -> None:
        if not 0 < self.prepare < self.proceed <= CONDITIONS:
            raise PolicyError("levels")

    def check(self, known: Collection[str]) -> None:
        """Raises PolicyError where a required condition is not one of `known`."""
        strangers = tuple(sorted(self.required.difference(known)))
        if strangers:
            raise PolicyError("unknown", strangers)
