"""Work that nobody should wait for: done apart, so importable there."""

import os
import signal
import time

from documents.apart import RenderError, Stage, make_apart, tell


def loop() -> bytes:
    while True:
        pass


def compose() -> str:
    return loop().decode()


def sleep() -> bytes:
    time.sleep(600)
    return b""


def hoard() -> bytes:
    held = []
    while True:
        held.append(bytearray(1 << 20))


def nest(depth: int = 0) -> bytes:
    return nest(depth + 1)


def write(size: int) -> bytes:
    return b"x" * size


def fall(number: int) -> bytes:
    os.kill(os.getpid(), number)
    signal.pause()
    return b""


def fall_with_helper() -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    return fall(signal.SIGKILL)


def refuse() -> bytes:
    raise RenderError("no title")


def fail() -> bytes:
    raise ValueError("something else")


def who() -> bytes:
    return str(os.getpid()).encode()


def helper() -> bytes:
    return str(os.getppid()).encode()


def both() -> bytes:
    return who() + b" " + make_apart(who)


def tells() -> bytes:
    """Tells each stage, and waits for the watcher after the last one."""
    for done, stage in enumerate(Stage):
        tell(stage, done)
    time.sleep(600)
    return b""
