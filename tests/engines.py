"""A pytest plugin for `make test`: every test on SQLite and on PostgreSQL, in one run with one closing line.

It has pytest-xdist start SHARES workers an engine (`--dist=each`), named after it, and each takes its share of
the files. `scripts/test.sh` turns it on with `-p tests.engines`; without it, pytest runs once, on whatever
DATABASE_URL names.
"""

import argparse
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

# Two an engine keep two cores busy while one waits for a browser or a validator.
SHARES = 2
SQLITE = f"sqlite:///{Path(__file__).resolve().parent.parent / 'db.sqlite3'}"


def engine_urls() -> dict[str, str]:
    """The engines of this run and their URLs: PostgreSQL only where TEST_DATABASE_URL names one."""
    postgresql = os.environ.get("TEST_DATABASE_URL")
    return {"sqlite": SQLITE, **({"postgresql": postgresql} if postgresql else {})}


def _wanted(options: argparse.Namespace) -> bool:
    """A worker an engine, unless a number of workers or the debugger was asked for."""
    return not (options.numprocesses is not None or options.usepdb or "PYTEST_XDIST_WORKER" in os.environ)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Say so before pytest-cov decides whether it gathers from workers."""
    if _wanted(early_config.known_args_namespace):
        early_config.known_args_namespace.dist = "each"
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Ask for the workers themselves."""
    if _wanted(config.option):
        config.option.dist = "each"
        config.option.tx = [f"popen//id={engine}-{share}" for engine in engine_urls() for share in range(SHARES)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    This worker's share, a file whole; and once instead of twice, what needs no database or only looks at pages.

    Of what runs once, a share is divided over all workers.
    """
    engine, share = worker()
    if engine not in engine_urls():
        return
    kept = [item for item in items if _is_mine(item, list(engine_urls()).index(engine), share)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def worker() -> tuple[str, int]:
    """The engine and the share of this worker; ("", 0) where pytest runs without them."""
    engine, _, share = os.environ.get("PYTEST_XDIST_WORKER", "").partition("-")
    return (engine, int(share)) if share else ("", 0)


def _is_mine(item: pytest.Item, engine: int, share: int) -> bool:
    once = not _needs_database(item) or item.get_closest_marker("one_engine") is not None
    number = zlib.crc32((item.nodeid if _stands_alone(item) else item.location[0]).encode())
    if once:
        return number % (len(engine_urls()) * SHARES) == engine * SHARES + share
    return number % SHARES == share


def _stands_alone(item: pytest.Item) -> bool:
    """A walk in a browser shares nothing with its neighbors; other files may share what they made."""
    return item.get_closest_marker("journey") is not None


def _needs_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool({"db", "transactional_db"} & set(fixtures)) or item.get_closest_marker("django_db") is not None


def pytest_report_header(config: pytest.Config) -> str:
    """Name the engines at the top of the run."""
    return f"engines: {', '.join(engine_urls())}"


# A worker reads its settings after the plugins are imported, so the choice is made here and not in a hook.
if _url := engine_urls().get(worker()[0]):
    os.environ["DATABASE_URL"] = _url
