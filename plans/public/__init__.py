"""The words around a published plan, in English and Spanish; the plan itself stands in its own language."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es")


@cache
def words() -> dict[str, dict[str, str]]:
    """For each language, what the public page says; both have the same keys."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
