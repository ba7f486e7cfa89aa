"""What two entries that are one say together; pure."""

from collections.abc import Collection, Mapping

BREAK = "\n\n"


def joined(
    kept: Mapping[str, object],
    gone: Mapping[str, object],
    *,
    texts: Collection[str] = (),
    several: Collection[str] = (),
    either: Collection[str] = (),
    undecided: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """
    The fields of `kept` with what only `gone` says.

    `texts` are put one under the other where both say something, `several` hold all keys of both, `either` is true
    where one is. Of every other field the kept value stays, unless it is empty or, in `undecided`, the value that
    says least.
    """
    together: dict[str, object] = {}
    for name, value in kept.items():
        other = gone[name]
        if name in texts:
            together[name] = _under(str(value), str(other))
        elif name in several:
            together[name] = _all(value, other)
        elif name in either:
            together[name] = bool(value) or bool(other)
        else:
            says_least = value in ("", None) or (undecided or {}).get(name) == value
            together[name] = other if says_least and other not in ("", None) else value
    return together


def _under(first: str, second: str) -> str:
    if not second or second in first:
        return first
    return f"{first}{BREAK}{second}" if first else second


def _all(first: object, second: object) -> tuple[str, ...]:
    keys = [*first, *second] if isinstance(first, tuple) and isinstance(second, tuple) else []
    return tuple(dict.fromkeys(keys))
