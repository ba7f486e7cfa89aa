"""The figures as one table of plain text, each aim beside its figure."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

PAGE_AIMS = {"Condition page": 3.0, "All 31 steps": 5.0}
SAVE_AIM, AGAIN_AIM = 10.0, 20.0
CROWD_AIM, IMPORT_AIM = 2.0, 10.0
PAPER_AIM, LINEAR_AIM, REAL_AIM = 1.15, 1.15, 1.3
MEMORY_AIM, MEMORY_PAGES = 200.0, range(50, 71)


class Row(NamedTuple):
    """One line: what was measured on what, its figure, the lowest and highest of the runs, and how it meets its aim."""

    what: str
    on: str
    figure: str
    spread: str = ""
    more: str = ""
    aim: str = ""
    verdict: str = ""


HEAD = Row("", "on", "median", "lowest-highest", "", "aim", "")


def met(reached: bool) -> str:
    return "met" if reached else "MISSED"


def spread(values: Sequence[float], form: str) -> str:
    """The lowest and the highest, like "2.9-3.2"; nothing for fewer than two."""
    return f"{min(values):{form}}-{max(values):{form}}" if len(values) > 1 else ""


def highest(times: Sequence[float], percent: int) -> float:
    """What so many percent of the times stay under."""
    return quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


# --- Pages ------------------------------------------------------------------------------------------------


def page_rows(on: str, pages: Iterable[dict[str, Any]]) -> list[Row]:
    """Each page as a multiple of the empty page."""
    return [_page_row(on, page) for page in pages]


def _page_row(on: str, page: dict[str, Any]) -> Row:
    more = f"{page['ms']:.1f} ms, {page['queries']} queries"
    if not page["ratios"]:
        return Row(page["name"], on, "1.0x", "", more)
    ratio = median(page["ratios"])
    row = Row(page["name"], on, f"{ratio:.1f}x", spread(page["ratios"], ".1f"), more)
    aim = next((aim for name, aim in PAGE_AIMS.items() if page["name"].startswith(name)), None)
    return row._replace(aim=f"<= {aim:.0f}x", verdict=met(ratio <= aim)) if aim else row


# --- A large coalition ------------------------------------------------------------------------------------


def crowd_rows(on: str, found: dict[str, Any]) -> list[Row]:
    """Each page of the large town as a multiple of the small one's, and the import that filled it."""
    size = "{1:,} people, {0:,} partners".format(*found["counts"][1])
    rows = [_crowd_row(on, page) for page in found["pages"]]
    seconds = found["seconds"]
    aim, verdict = f"< {IMPORT_AIM:.0f} s", met(seconds < IMPORT_AIM)
    return [*rows, Row(f"Import of {found['rows']:,} lines", on, f"{seconds:.1f} s", "", size, aim, verdict)]


def _crowd_row(on: str, page: dict[str, Any]) -> Row:
    ratios = [large / small for small, large in zip(page["small"], page["large"], strict=True)]
    ratio = median(ratios)
    more = f"{median(page['large']):.1f} ms, small town {median(page['small']):.1f} ms"
    aim, verdict = f"<= {CROWD_AIM:.0f}x", met(ratio <= CROWD_AIM)
    return Row(page["name"], on, f"{ratio:.2f}x", spread(ratios, ".2f"), more, aim, verdict)


# --- Saves ------------------------------------------------------------------------------------------------


def save_rows(on: str, alone: dict[str, Any], apart: dict[str, Any], shared: dict[str, Any]) -> list[Row]:
    """One writer, then many at once."""
    runs = alone["runs"]
    times = [time for run in runs for time in run]
    high = highest(times, 95)
    whole = f"{alone['replies']} replies, {alone['history']} rows of history"
    return [
        Row("One writer", on, f"{median(times):.1f} ms", spread([median(run) for run in runs], ".1f"), whole),
        Row(
            "One writer, 95th percentile",
            on,
            f"{high:.1f} ms",
            spread([highest(run, 95) for run in runs], ".1f"),
            aim=f"< {SAVE_AIM:.0f} ms",
            verdict=met(high < SAVE_AIM and alone["replies"] == alone["history"]),
        ),
        *_together("each in a step of their own", on, apart),
        *_together("all in the same 4 steps", on, shared),
    ]


def _together(how: str, on: str, result: dict[str, Any]) -> list[Row]:
    done = result["replies"]
    errors = result["saves"] - done
    whole = not errors and done == result["history"] and not result["lost"]
    times = result["times"]
    rate = f"{result['saves'] / result['seconds']:.0f} saves a second, 95% within {highest(times, 95):.0f} ms"
    kept = f"{done} replies, {result['history']} rows of history, {result['lost']} lost"
    return [
        Row(f"{result['people']} writers, {how}", on, f"{median(times):.0f} ms", spread(times, ".0f"), rate),
        Row("    what was kept of it", on, f"{errors} errors", "", kept, "none lost", met(whole)),
    ]


# --- Paper ------------------------------------------------------------------------------------------------


def paper_rows(papers: Sequence[dict[str, Any]]) -> list[Row]:
    """Each size against bare WeasyPrint, whether it grows in step with the pages, and the memory of both."""
    a_page = [median(paper["ours"]) / paper["pages"] * 1000 for paper in papers]
    rows = [_paper_row(paper, each) for paper, each in zip(papers, a_page, strict=True)]
    if len(papers) > 1:
        growth = a_page[-1] / a_page[0]
        more = f"a page among {papers[-1]['pages']} against a page among {papers[0]['pages']}"
        aim = f"<= {LINEAR_AIM}x"
        rows.append(Row("PDF, linear", "", f"{growth:.2f}x", "", more, aim, met(growth <= LINEAR_AIM)))
    return rows + [row for paper in papers for row in _memory_rows(paper)]


def real_row(paper: dict[str, Any]) -> Row:
    """A plan of real size, from its words and pictures to the finished file."""
    each = median(paper["ours"]) / paper["pages"] * 1000
    return _paper_row(paper, each, REAL_AIM)._replace(what=f"Plan of real size, {paper['pages']} pages")


def _paper_row(paper: dict[str, Any], each: float, aim: float = PAPER_AIM) -> Row:
    ratios = [ours / bare for ours, bare in zip(paper["ours"], paper["bare"], strict=True)]
    ratio = median(ratios)
    more = f"{median(paper['ours']):.2f} s, bare {median(paper['bare']):.2f} s, {each:.0f} ms a page"
    what = f"PDF of {paper['pages']} pages"
    return Row(what, "", f"{ratio:.2f}x", spread(ratios, ".2f"), more, f"<= {aim}x", met(ratio <= aim))


def _memory_rows(paper: dict[str, Any]) -> list[Row]:
    ours, bare = paper["memory"]["ours"], paper["memory"]["bare"]
    more = f"{ours['base']:.0f} MB before drawing; bare {bare['peak']:.0f} MB"
    row = Row(f"Peak memory, {paper['pages']} pages", "", f"{ours['peak']:.0f} MB", "", more)
    if paper["pages"] not in MEMORY_PAGES:
        return [row]
    return [row._replace(aim=f"< {MEMORY_AIM:.0f} MB", verdict=met(ours["peak"] < MEMORY_AIM))]


def again_rows(on: str, again: dict[str, Any]) -> list[Row]:
    """An unchanged plan's PDF, with and without composing it from the database."""
    named = {"composed": "Unchanged plan again", "cached": "Unchanged plan again, cache alone"}
    return [
        Row(
            what,
            on,
            f"{median(again[kind]):.1f} ms",
            spread(again[kind], ".1f"),
            f"{again['pages']} pages" if kind == "composed" else "",
            f"< {AGAIN_AIM:.0f} ms",
            met(median(again[kind]) < AGAIN_AIM),
        )
        for kind, what in named.items()
    ]


# --- The whole --------------------------------------------------------------------------------------------


def text(parts: dict[str, list[Row]], head: Iterable[str]) -> str:
    """What was measured on what machine, then every part's rows under its name in common columns."""
    rows = [HEAD, *(row for part in parts.values() for row in part)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    lines = [*head, "", _line(HEAD, widths)]
    for name, part in parts.items():
        lines += ["", name, *(_line(row, widths) for row in part)]
    missed = sum(row.verdict == met(False) for row in rows)
    aims = sum(bool(row.verdict) for row in rows)
    return "\n".join([*lines, "", f"{aims - missed} of {aims} aims met."]) + "\n"


def _line(row: Row, widths: Sequence[int]) -> str:
    right = (2, 3)
    cells = [
        cell.rjust(width) if n in right else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return ("  " + "  ".join(cells)).rstrip()


def _pace() -> float:
    """Seconds that a plain loop takes: what one millisecond is worth on this machine today."""
    start = time.perf_counter()
    sum(1 for _turn in range(10**7))
    return time.perf_counter() - start


def machine(root: Path, engines: Iterable[str], disk: dict[str, Any], quick: bool) -> list[str]:
    """Where and with what the figures came about."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC{' (quick)' if quick else ''}, commit {_commit(root)}",
        f"Machine    {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, load {load}",
        f"Disk       {disk['kind']}, 4 KiB are safe after {median(disk['fsync']):.2f} ms"
        f" (95%: {highest(disk['fsync'], 95):.2f} ms)",
        f"Pace       a plain loop of ten million turns in Python takes {_pace():.2f} s",
        f"System     {platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"Packages   Django {version('django')}, WeasyPrint {version('weasyprint')}",
        *(f"Database   {engine}" for engine in engines),
        "Settings   production (DEBUG off, cached templates, hashed static files), called through WSGI, no server",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


def _commit(root: Path) -> str:
    git = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=root, capture_output=True, text=True, check=False
    )
    return git.stdout.strip() or "none"


def progress(words: str) -> None:
    """Say on the error output what is being done, so that the table stands alone on the other."""
    print(words, file=sys.stderr, flush=True)
