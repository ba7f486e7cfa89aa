"""A database with the demo in it, and what is to know about the engine and the disk below it."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from mobility_planning import demo_data

ASKED = {
    "sqlite": ("PRAGMA journal_mode", "PRAGMA synchronous"),
    "postgresql": ("SHOW fsync", "SHOW synchronous_commit"),
}
SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


def static() -> None:
    """The files that pages name by their hash, as a deployment makes them."""
    call_command("collectstatic", interactive=False, verbosity=0)


def database() -> str:
    """Migrate, load the demo, and say which engine this is and how it waits for the disk."""
    call_command("migrate", verbosity=0)
    for slug in demo_data.TOWNS:
        demo_data.seed(slug)
    return engine()


def engine() -> str:
    """Like "SQLite 3.45.1 (journal_mode wal, synchronous FULL)"."""
    with connection.cursor() as cursor:
        answers = []
        for statement in ASKED[connection.vendor]:
            cursor.execute(statement)
            answers.append(f"{statement.split()[1]} {_in_words(cursor.fetchone()[0])}")
    version = ".".join(map(str, connection.get_database_version()))
    return f"{connection.display_name} {version} ({', '.join(answers)})"


def _in_words(value: str | int) -> str:
    return SYNCHRONOUS[value] if isinstance(value, int) else value


def disk(turns: int) -> dict[str, Any]:
    """The kind of file system below the benchmark's folder, and milliseconds to have 4 KiB safely on it."""
    times = []
    with (Path(settings.DATA_DIR) / "probe").open("wb") as file:
        for _turn in range(turns):
            start = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return {"kind": _kind(Path(settings.DATA_DIR)), "fsync": times}


def _kind(folder: Path) -> str:
    """The type of the file system that holds the folder, "unknown" where the system does not say."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return "unknown"
    return max(_holding(mounts, folder.resolve()), default=(0, "unknown"))[1]


def _holding(mounts: Iterable[list[str]], folder: Path) -> Iterable[tuple[int, str]]:
    return ((len(point), kind) for point, kind in mounts if folder.is_relative_to(point))
