"""A pytest plugin for `make test`: every test on SQLite and on PostgreSQL, in one run with one closing line.

It has pytest-xdist start one worker an engine (`--dist=each`), named after it. `scripts/test.sh` turns
it on with `-p tests.engines`; without it, pytest runs once, on whatever DATABASE_URL names.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

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
        config.option.tx = [f"popen//id={engine}" for engine in engine_urls()]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Once instead of twice: what needs no database on SQLite's worker, what looks at pages on the other."""
    if len(engine_urls()) > 1 and (worker := os.environ.get("PYTEST_XDIST_WORKER")) in engine_urls():
        kept = [item for item in items if _engine(item) in (worker, "both")]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def _engine(item: pytest.Item) -> str:
    if not _needs_database(item):
        return "sqlite"
    return "postgresql" if item.get_closest_marker("one_engine") else "both"


def _needs_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool({"db", "transactional_db"} & set(fixtures)) or item.get_closest_marker("django_db") is not None


def pytest_report_header(config: pytest.Config) -> str:
    """Name the engines at the top of the run."""
    return f"engines: {', '.join(engine_urls())}"


# A worker reads its settings after the plugins are imported, so the choice is made here and not in a hook.
if _url := engine_urls().get(os.environ.get("PYTEST_XDIST_WORKER", "")):
    os.environ["DATABASE_URL"] = _url
