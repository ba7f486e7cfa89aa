"""A pytest plugin for `make test`: every test on SQLite and on PostgreSQL, in one run with one closing line.

It has pytest-xdist start SHARES workers an engine, named after it, which take file after file of its tests.
`scripts/test.sh` turns it on with `-p tests.engines`; without it, pytest runs once, on whatever DATABASE_URL names.
"""

import argparse
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# Two an engine keep two cores busy while one waits for a browser or a validator.
SHARES = 2
# Where the lines that `--cov` names are to be covered. Traced, every other test takes half as much time again.
MEASURED = "tests/readiness/"
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
        early_config.known_args_namespace.dist = "loadscope"
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Ask for the workers themselves."""
    if _wanted(config.option):
        config.option.dist, config.option.loadscopereorder = "loadscope", False
        config.option.tx = [f"popen//id={engine}-{share}" for engine in engine_urls() for share in range(SHARES)]


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> "PerEngine | None":
    """Let the workers of an engine share its tests as they get done with them."""
    return PerEngine(config, log) if str(config.option.tx[:1]).startswith("['popen//id=") else None


def _is_walk(scope: str) -> bool:
    return scope.startswith("tests/journeys/")


class _Engine(LoadScopeScheduling):
    """The workers of one engine: each takes the next file, or the next walk in a browser, when it is done."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        self.numnodes = SHARES

    def _split_scope(self, nodeid: str) -> str:
        # A walk shares nothing with its neighbors; other files may share what they made.
        return nodeid if _is_walk(nodeid) else nodeid.split("::", 1)[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        """One worker an engine begins with the walks, the others with the rest: two browsers wear two cores out."""
        if node.gateway.id.partition("-")[2] != "0":
            rest = next((scope for scope in self.workqueue if not _is_walk(scope)), None)
            if rest is not None:
                self.workqueue.move_to_end(rest, last=False)
        super()._assign_work_unit(node)


class PerEngine:
    """What xdist asks of a scheduler, asked of the engine that a worker belongs to."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        self.engines = {engine: _Engine(config, log) for engine in engine_urls()}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """`add_node`, `mark_test_complete` and so on, each of which names its worker first."""
        return lambda node, *rest: getattr(self.engines[node.gateway.id.partition("-")[0]], name)(node, *rest)

    @property
    def nodes(self) -> list[Any]:
        return [node for engine in self.engines.values() for node in engine.nodes]

    @property
    def collection_is_completed(self) -> bool:
        return all(engine.collection_is_completed for engine in self.engines.values())

    @property
    def tests_finished(self) -> bool:
        return all(engine.tests_finished for engine in self.engines.values())

    @property
    def has_pending(self) -> bool:
        return any(engine.has_pending for engine in self.engines.values())

    def schedule(self) -> None:
        for engine in self.engines.values():
            engine.schedule()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Every engine's tests, the walks in a browser first, because they are the longest; and once instead of twice, what
    needs no database or only looks at pages: of it, each engine has a half.
    """
    engine, _share = worker()
    if engine not in engine_urls():
        return
    kept = [item for item in items if _is_mine(item, list(engine_urls()).index(engine))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("journey") is None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """From here on, lines are traced in MEASURED alone."""
    if worker()[0] and (coverage := _coverage(session.config)):
        coverage.pause()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace the lines of a test in MEASURED, with its fixtures."""
    coverage = _coverage(item.config) if worker()[0] and item.nodeid.startswith(MEASURED) else None
    if not coverage:
        return (yield)
    coverage.resume()
    try:
        return (yield)
    finally:
        coverage.pause()


def _coverage(config: pytest.Config) -> Any:
    """What pytest-cov gathers with in this worker; None where nobody asked for it."""
    return getattr(config.pluginmanager.get_plugin("_cov"), "cov_controller", None)


def worker() -> tuple[str, int]:
    """The engine and the number of this worker; ("", 0) where pytest runs without them."""
    engine, _, share = os.environ.get("PYTEST_XDIST_WORKER", "").partition("-")
    return (engine, int(share)) if share else ("", 0)


def _is_mine(item: pytest.Item, engine: int) -> bool:
    if _needs_database(item) and item.get_closest_marker("one_engine") is None:
        return True
    alone = item.get_closest_marker("journey") is not None
    number = zlib.crc32((item.nodeid if alone else item.location[0]).encode())
    return number % len(engine_urls()) == engine


def _needs_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool({"db", "transactional_db"} & set(fixtures)) or item.get_closest_marker("django_db") is not None


def pytest_report_header(config: pytest.Config) -> str:
    """Name the engines at the top of the run."""
    return f"engines: {', '.join(engine_urls())}"


# A worker reads its settings after the plugins are imported, so the choice is made here and not in a hook.
if _url := engine_urls().get(worker()[0]):
    os.environ["DATABASE_URL"] = _url
