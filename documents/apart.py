"""
Files made in a process of their own, bounded in time, memory and size: what people write can ask for any of them.

A server's process has threads and cannot be forked safely. Its helper (Python's fork server) has one thread and has
loaded everything, so that a fork of it is at work within hundredths of a second.
"""

import multiprocessing
import os
import resource
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.utils import translation

# So many at once in a process of the server; who comes after them waits.
AT_ONCE = 2
# On a busy machine, so many seconds may go by for one of the processor's.
BUSY = 3
# Whoever watches is told how far it is, and asked whether to go on, so often (seconds).
LOOK = 0.5
# So many seconds a fallen helper may take to be gone.
PATIENCE = 10
_MEGABYTE = 1 << 20


class RenderError(Exception):
    """The document could not be made as it must be; the message says why in plain words."""


class Limit(StrEnum):
    TIME = "time"
    MEMORY = "memory"
    SIZE = "size"


class TooLargeError(RenderError):
    """Making the document was ended at a limit."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        super().__init__(limit)

    def __str__(self) -> str:
        reached = {
            Limit.TIME: f"it would take more than {settings.EXPORT_SECONDS} seconds",
            Limit.MEMORY: f"it would take more than {settings.EXPORT_MEGABYTES} MB of memory",
            Limit.SIZE: f"it would be larger than {settings.EXPORT_FILE_MEGABYTES} MB",
        }
        return f"The file could not be made: {reached[self.limit]}."


class Stage(StrEnum):
    """How far a file is, in the order of the work."""

    READ = "read"
    LAYOUT = "layout"
    DRAW = "draw"
    CHECK = "check"


# Told the stage and how many pages or pictures of it are done. What it raises ends the work.
Watcher = Callable[[Stage, int], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
# How the process apart ends by itself where it has no room to say so, and how it may be ended: code: limit.
_NO_ROOM = 64
_FALLEN: dict[int | None, Limit] = {
    _NO_ROOM: Limit.MEMORY,
    -signal.SIGXCPU: Limit.TIME,
    **dict.fromkeys((-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGTRAP), Limit.MEMORY),
}
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass
class _Apart:
    """What the process apart alone has: its way to whoever waits for it, and whether it makes a part of the file."""

    parent: Connection | None = None
    part: bool = False


_here = _Apart()


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """`watcher` is told of whatever is made apart within, every LOOK seconds."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def tell(stage: Stage, done: int = 0) -> None:
    """Say how far the work is. Nobody hears it where the work is not done apart."""
    if _here.parent and not _here.part:
        _here.parent.send(("told", (stage, done)))


@contextmanager
def _part() -> Iterator[None]:
    """A picture of a file, say: how far it is by itself is no answer to how far the file is."""
    _here.part = True
    try:
        yield
    finally:
        _here.part = False


def make_apart(make: Callable[..., bytes], *given: Any) -> bytes:
    """
    What `make(*given)` gives; both can be pickled. In the process apart itself, it is just called.

    Raises TooLargeError, and RenderError for whatever else went wrong.
    """
    if _here.parent:
        with _part():
            return make(*given)
    if not _places.acquire(timeout=settings.EXPORT_SECONDS * BUSY):
        raise RenderError("The file could not be made: too many others are being made.")
    try:
        return _made(bytes(ForkingPickler.dumps((make, given))))
    finally:
        _places.release()


def get_ready() -> None:
    """Start the helper, so that the first file does not wait for it."""
    make_apart(bytes)


def _made(work: bytes) -> bytes:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["documents.apart_ready"])
    ours, theirs = context.Pipe(duplex=False)
    limits = (settings.EXPORT_SECONDS, settings.EXPORT_MEGABYTES, settings.EXPORT_FILE_MEGABYTES)
    process = context.Process(target=_work, args=(theirs, work, translation.get_language(), *limits))
    try:
        _start(process)
    except OSError as error:
        ours.close()
        raise RenderError("The file could not be made: no process for it could be started.") from error
    finally:
        theirs.close()
    try:
        return _awaited(ours, process)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def _start(process: ForkServerProcess) -> None:
    """Start it. A helper that is just falling looks alive still: until it is gone for good, nobody answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            process.start()
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _awaited(ours: Connection, process: ForkServerProcess) -> bytes:
    begun = looked = time.monotonic()
    stage, done = Stage.READ, 0
    watcher = _watcher.get()
    while (now := time.monotonic()) < begun + settings.EXPORT_SECONDS * BUSY:
        if watcher and now >= looked + LOOK:
            watcher(stage, done)
            looked = now
        if not ours.poll(LOOK):
            continue
        try:
            kind, value = ours.recv()
        except EOFError:
            process.join()
            raise _ended(process.exitcode) from None
        if kind == "made":
            made: bytes = value
            return made
        if kind == "raised":
            raise value
        stage, done = value
    raise TooLargeError(Limit.TIME)


def _ended(code: int | None) -> RenderError:
    """Libraries in C end the process where they get no memory, or no room for their stack, and so may the system."""
    limit = _FALLEN.get(code)
    return TooLargeError(limit) if limit else RenderError(f"The file could not be made: its process ended with {code}.")


# --- In the process apart ---------------------------------------------------------------------------------


def _work(
    parent: Connection, work: bytes, language: str | None, seconds: int, megabytes: int, file_megabytes: int
) -> None:
    _here.parent = parent
    # Ctrl-C in a terminal reaches this process too.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * _MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not apps.ready:
        django.setup()
    try:
        parent.send(_answer(work, language, file_megabytes * _MEGABYTE))
    except (MemoryError, RecursionError):
        # There may be no room left for any more words.
        os._exit(_NO_ROOM)


def _answer(work: bytes, language: str | None, most: int) -> tuple[str, object]:
    try:
        make, given = ForkingPickler.loads(work)
        with translation.override(language):
            made = make(*given)
    except (MemoryError, RecursionError):
        raise
    except RenderError as error:
        return "raised", error
    except Exception:
        return "raised", RenderError(f"The file could not be made.\n{traceback.format_exc()}")
    return ("made", made) if len(made) <= most else ("raised", TooLargeError(Limit.SIZE))
