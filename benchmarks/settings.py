"""The product's settings as in production, with one page more and all files in the benchmark's own folder."""

from mobility_planning.settings import *  # noqa: F403
from mobility_planning.settings import DATA_DIR

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = DATA_DIR / "static"
