"""Files that commands write: whole or not at all."""

import os
import secrets
import shutil
from pathlib import Path

from django.core.management import CommandError


def write_file(path: str, content: bytes) -> None:
    """
    Put `content` at `path` in one step, so that nobody ever reads half of it.

    Raises CommandError with the system's own reason; then an earlier file stays as it was.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():
            # A pipe or a device takes what comes and must not be replaced; a directory raises.
            Path(path).write_bytes(content)
        else:
            _replace(Path(path).resolve(), content)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be written: {reason(error)}.") from error


def reason(error: OSError | ValueError) -> str:
    """Why a file cannot be used, without the path and the number around it."""
    return getattr(error, "strerror", None) or str(error)


def _replace(target: Path, content: bytes) -> None:
    unfinished = target.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        unfinished.write_bytes(content)
        if target.exists():
            shutil.copymode(target, unfinished)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
