"""Whether a PDF keeps to a standard: asked of what VERAPDF names, else of the checker that pip installs."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import page
import pikepdf

Profile = Literal["ua1", "3a"]
PROFILES: tuple[Profile, ...] = ("ua1", "3a")


@dataclass(frozen=True)
class Finding:
    """`passed`, and what the checker said: the failed rules where it did not."""

    passed: bool
    words: str


def check(path: Path, profile: Profile) -> Finding:
    """`path` against PDF/UA-1 ("ua1") or PDF/A-3a ("3a"). RuntimeError where the checker cannot run."""
    command = os.environ.get("VERAPDF")
    return _ask_verapdf(command, path, profile) if command else _ask_page(path, profile)


def _ask_verapdf(command: str, path: Path, profile: Profile) -> Finding:
    run = subprocess.run([command, profile, str(path)], capture_output=True, text=True, check=False)
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
