"""Measures pages, saves and the PDF, prints one table and keeps it in `benchmarks/last.txt`.

    make benchmark                          everything, on SQLite and PostgreSQL: some minutes
    make benchmark ARGS=--quick             fewer runs, no PDF of 200 pages: about a minute
    make benchmark ARGS="--only pages"      one part (pages, saves or pdf); last.txt stays as it is

Ratios are medians over several runs; within a run the two that are compared take turns, so that whatever else the
machine does disturbs both alike. Databases and files lie in a folder of their own below data/.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Called as a script, Python looks for modules in this folder only.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import report
from benchmarks.report import Row, progress
from tests.postgres import Unavailable, throwaway_server

ROOT = Path(__file__).resolve().parent.parent
PARTS = {"pages": "Pages", "crowd": "A large coalition", "saves": "Saves of a step with its history", "pdf": "PDF"}
Call = Callable[..., Any]


@dataclass(frozen=True)
class Effort:
    """How often each thing is done. `papers` are the sizes of the PDF (see `paper.document`) and their runs."""

    page_runs: int = 9
    crowd: tuple[int, int] = (50, 5000)
    requests: int = 20
    save_runs: int = 5
    saves: int = 100
    writers: int = 16
    saves_each: int = 20
    papers: dict[int, int] = field(default_factory=lambda: {8: 5, 45: 3, 180: 3})
    real_runs: int = 3
    again: int = 50
    probes: int = 100


QUICK = Effort(page_runs=3, requests=8, save_runs=3, saves_each=10, papers={8: 3, 45: 1}, real_runs=1, again=20)


# --- What is measured -------------------------------------------------------------------------------------


def on_database(call: Call, on: str, only: str, effort: Effort) -> dict[str, list[Row]]:
    """The rows of every part that needs a database, for one engine."""
    rows: dict[str, list[Row]] = {}
    if only in ("", "pages"):
        progress(f"pages on {on}")
        rows["pages"] = report.page_rows(on, call("pages.measure", runs=effort.page_runs, requests=effort.requests))
    if only in ("", "crowd"):
        progress(f"a large coalition on {on}")
        small, large = effort.crowd
        runs, requests = (effort.page_runs + 2) // 3, effort.requests
        found = call("crowd.measure", small=small, large=large, runs=runs, requests=requests)
        rows["crowd"] = report.crowd_rows(on, found)
    if only in ("", "pdf"):
        progress(f"unchanged plan on {on}")
        rows["pdf"] = report.again_rows(on, call("paper.again", times=effort.again))
    if only in ("", "saves"):
        progress(f"saves on {on}")
        rows["saves"] = report.save_rows(on, *saves(call, effort))
    return rows


def saves(call: Call, effort: Effort) -> list[Any]:
    """One writer; many in steps of their own; many in the same steps."""
    crowd = {"people": effort.writers, "saves": effort.saves_each}
    return [
        call("saves.alone", runs=effort.save_runs, saves=effort.saves),
        call("saves.together", shared=False, **crowd),
        call("saves.together", shared=True, **crowd),
    ]


def on_paper(call: Call, effort: Effort) -> list[Row]:
    """The rows of the PDF; which database holds the plan of real size makes no difference."""
    progress("PDF, real size")
    real = report.real_row(call("paper.real", runs=effort.real_runs))
    papers = []
    for portions, runs in effort.papers.items():
        progress(f"PDF, size {portions}")
        paper = call("paper.compare", portions=portions, runs=runs)
        papers.append({**paper, "memory": memory(call, portions)})
    return [real, *report.paper_rows(papers)]


def memory(call: Call, portions: int) -> dict[str, Any]:
    """Peak memory of both kinds, each in a process of its own, side by side."""
    with ThreadPoolExecutor() as pool:
        jobs = {kind: pool.submit(call, "paper.peak", portions=portions, kind=kind) for kind in ("ours", "bare")}
        return {kind: job.result() for kind, job in jobs.items()}


# --- Where it is measured ---------------------------------------------------------------------------------


def caller(folder: Path, url: str) -> Call:
    """Calls a job in a fresh process with settings as in production, this database and this folder."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "http://localhost",
        "EMAIL_URL": "smtp://localhost",
        "HTTPS": "false",
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
    }

    def call(job: str, **arguments: object) -> Any:
        command = [sys.executable, "-m", "benchmarks.worker", job, json.dumps(arguments)]
        process = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(process.stdout)

    return call


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder on the disk of the checkout: elsewhere it might be memory, where saving costs nothing."""
    (ROOT / "data").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "data", prefix="benchmark-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def measure(folder: Path, only: str, effort: Effort, quick: bool) -> str:
    """The whole table. PostgreSQL is a server of our own that waits for the disk."""
    progress("static files")
    sqlite = caller(folder, f"sqlite:///{folder / 'db.sqlite3'}")
    sqlite("prepare.static")
    engines = [sqlite("prepare.database")]
    disk = sqlite("prepare.disk", turns=effort.probes)
    found = [on_database(sqlite, "SQLite", only, effort)]
    engine, rows = on_postgresql(folder, only, effort)
    engines.append(engine)
    found.append(rows)
    drawn = on_paper(sqlite, effort) if only in ("", "pdf") else []
    parts = {
        title: (drawn if name == "pdf" else []) + [row for rows in found for row in rows.get(name, [])]
        for name, title in PARTS.items()
        if only in ("", name)
    }
    return report.text(parts, report.machine(ROOT, engines, disk, quick))


def on_postgresql(folder: Path, only: str, effort: Effort) -> tuple[str, dict[str, list[Row]]]:
    """What it is and its rows; why there are none where it cannot be started."""
    try:
        with throwaway_server(tuning="", parent=folder) as url:
            call = caller(folder, url)
            return call("prepare.database"), on_database(call, "PostgreSQL", only, effort)
    except Unavailable as reason:
        return f"PostgreSQL could not be started ({reason})", {}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Measure pages, saves and the PDF, and print one table.")
    parser.add_argument("--quick", action="store_true", help="fewer runs, no PDF of 200 pages")
    parser.add_argument("--only", choices=PARTS, default="", help="one part; last.txt stays as it is")
    chosen = parser.parse_args(arguments)
    with workspace() as folder:
        table = measure(folder, chosen.only, QUICK if chosen.quick else Effort(), chosen.quick)
    print(table, end="")
    if not chosen.only:
        (ROOT / "benchmarks" / "last.txt").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
