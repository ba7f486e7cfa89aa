"""Every part of the benchmark runs, in its smallest setting; no figure is asserted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from benchmarks import prepare, report, run
from benchmarks.browser import application
from benchmarks.worker import call
from documents.pdf import draw_pdf
from mobility_planning import demo_data

TINY = run.Effort(
    page_runs=1,
    crowd=(4, 12),
    requests=2,
    save_runs=1,
    saves=3,
    writers=8,
    saves_each=3,
    real_runs=1,
    again=1,
    probes=1,
)

# Stands for the plan, whose checklist alone takes seconds to draw.
PAGES = "<html lang='en'><head><title>Plan</title></head><body><h1>Plan</h1><p style='break-before: page'>Two"


@pytest.fixture
def town(
    transactional_db: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The demo's town, the benchmark's addresses, and a folder for its files."""
    monkeypatch.setattr("plans.finished.render_pdf", lambda _html, *_more: draw_pdf(PAGES))
    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.DATA_DIR = tmp_path
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    application.cache_clear()
    demo_data.seed("larkspur")
    yield
    application.cache_clear()


def test_every_part_on_a_database_gives_its_rows(town: None) -> None:
    rows = run.on_database(call, "here", "", TINY)
    assert {part: len(found) for part, found in rows.items()} == {"pages": 8, "crowd": 7, "pdf": 2, "saves": 6}
    kept = [(row.figure, row.more, row.verdict) for row in rows["saves"] if row.aim == "none lost"]
    assert kept == [("0 errors", "24 replies, 24 rows of history, 0 lost", "met")] * 2
    assert rows["saves"][0].more == "3 replies, 3 rows of history"


def test_paper_is_compared_and_its_memory_taken(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plans.finished.render_pdf", lambda _html, *_more: draw_pdf(PAGES))
    monkeypatch.setattr("benchmarks.paper.document_html", lambda shown: PAGES)
    rows = run.on_paper(call, replace(TINY, papers={0: 1, 15: 2}))
    assert rows.pop(0).what == "Plan of real size, 2 pages"
    assert [row.what for row in rows] == [*["PDF of 2 pages"] * 2, "PDF, linear", *["Peak memory, 2 pages"] * 2]


def test_disk_and_engine_are_named(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert prepare.engine().startswith(connection.display_name)
    disk = prepare.disk(turns=2)
    assert (len(disk["fsync"]), all(time > 0 for time in disk["fsync"])) == (2, True)


def test_only_one_part_is_measured_where_only_one_is_asked_for() -> None:
    asked: list[str] = []

    def noted(job: str, **arguments: object) -> list[Any]:
        asked.append(job)
        return []

    assert run.on_database(noted, "here", "pages", TINY) == {"pages": []}
    assert asked == ["pages.measure"]


def test_table_names_the_machine_aligns_its_columns_and_counts_what_was_met() -> None:
    rows = [
        report.Row("One page", "SQLite", "2.5x", "2.4-2.6", "8 ms", "<= 3x", report.met(True)),
        report.Row("Another page", "SQLite", "13.1x", "9.0-14.0", "50 ms", "<= 5x", report.met(False)),
    ]
    assert report.text({"Pages": rows}, ["Machine  here"]).splitlines() == [
        "Machine  here",
        "",
        "                on      median  lowest-highest         aim",
        "",
        "Pages",
        "  One page      SQLite    2.5x         2.4-2.6  8 ms   <= 3x  met",
        "  Another page  SQLite   13.1x        9.0-14.0  50 ms  <= 5x  MISSED",
        "",
        "1 of 2 aims met.",
    ]


@pytest.mark.parametrize(("lost", "history", "verdict"), [(0, 4, "met"), (1, 4, "MISSED"), (0, 3, "MISSED")])
def test_a_lost_save_or_row_of_history_misses_the_aim(lost: int, history: int, verdict: str) -> None:
    alone = {"runs": [[1.0, 2.0]], "replies": 2, "history": 2}
    crowd = {
        "people": 2,
        "saves": 4,
        "replies": 4,
        "history": history,
        "lost": lost,
        "times": [1.0, 2.0],
        "seconds": 1.0,
    }
    rows = report.save_rows("SQLite", alone, crowd, crowd)
    assert [row.verdict for row in rows if row.aim == "none lost"] == [verdict] * 2
