"""One way to write a value down, so that the same content always has the same fingerprint."""

import hashlib
import json
from collections.abc import Iterator, Mapping


def canonical(value: object) -> bytes:
    """
    A JSON value as UTF-8 bytes: keys in order of their code points, no spaces, no escapes but those JSON asks for.

    Texts stand as they were typed, without Unicode normalisation. Raises ValueError for NaN and infinities,
    TypeError for what JSON has no word for.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def fingerprint(value: object) -> str:
    """SHA-256 over the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def differences(before: object, after: object, path: str = "") -> Iterator[str]:
    """Where two JSON values differ, each place as a path like `steps > leadership.1 > note`."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            place = f"{path} > {key}" if path else str(key)
            if key in before and key in after:
                yield from differences(before[key], after[key], place)
            else:
                yield place
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (left, right) in enumerate(zip(before, after, strict=True), start=1):
            yield from differences(left, right, f"{path} > {index}")
    elif before != after:
        yield path or "everything"
