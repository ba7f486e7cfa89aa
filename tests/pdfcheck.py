"""Whether a PDF keeps to a standard: asked of what VERAPDF names, else of the checker that pip installs."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import page

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
    lines = {f"{failure.rule_id}: {failure.message}" for failure in report.failures}
    return Finding(report.is_compliant, "\n".join(sorted(lines)))
