"""Whether a PDF keeps to a standard: asked of what VERAPDF names, else of the checker that pip installs."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import page
import pikepdf

Profile = Literal["ua1", "3a"]
# A run lives for seconds: what Java would do to be quick for hours, on every core, takes more time than it saves.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
PROFILES: tuple[Profile, ...] = ("ua1", "3a")


@dataclass(frozen=True)
class Finding:
    """`passed`, and what the checker said: the failed rules where it did not."""

    passed: bool
    words: str


def faults(*paths: Path) -> str:
    """What either standard says against these files; nothing where all keep to both."""
    found = [check(profile, *paths) for profile in PROFILES]
    return "\n".join(finding.words for finding in found if not finding.passed)


def check(profile: Profile, *paths: Path) -> Finding:
    """These files against PDF/UA-1 ("ua1") or PDF/A-3a ("3a"). RuntimeError where the checker cannot run."""
    command = os.environ.get("VERAPDF")
    if command:
        return _ask_verapdf(command, paths, profile)
    found = [_ask_page(path, profile) for path in paths]
    return Finding(all(f.passed for f in found), "\n".join(f.words for f in found if f.words))


def _ask_verapdf(command: str, paths: Sequence[Path], profile: Profile) -> Finding:
    # One run for all of them: starting the engine takes longer than most files do.
    environment = {"JDK_JAVA_OPTIONS": QUICK_JAVA, **os.environ}
    run = subprocess.run(
        [command, profile, *map(str, paths)], capture_output=True, text=True, check=False, env=environment
    )
    if run.returncode not in (0, 1) or not run.stdout.strip():
        raise RuntimeError(f"{command} could not run: {run.stdout}{run.stderr}".strip())
    return Finding(run.returncode == 0, run.stdout)


def _ask_page(path: Path, profile: Profile) -> Finding:
    report = page.validate_pdf(path, profile=profile)
    failed = {failure.rule_id: failure.message for failure in report.failures}
    with pikepdf.open(path) as pdf:
        # It takes a stream whose packed bytes end in a line break for too short; qpdf reads lengths right.
        if not pdf.check_pdf_syntax():
            failed.pop("PDFA3A-STREAM-LENGTH-001", None)
    return Finding(not failed, "\n".join(f"{rule}: {words}" for rule, words in sorted(failed.items())))
