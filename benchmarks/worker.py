"""A fresh process for each part, so that none measures what another left behind.

    python -m benchmarks.worker pages.measure '{"runs": 1, "requests": 2}'

calls that function of this package and prints what it returns as JSON; settings come from the environment.
"""

import json
import sys
from importlib import import_module
from typing import Any

import django


def call(job: str, **arguments: object) -> Any:
    """What the function `job` ("module.function") of this package returns."""
    module, _, function = job.partition(".")
    return getattr(import_module(f"benchmarks.{module}"), function)(**arguments)


if __name__ == "__main__":
    django.setup()
    json.dump(call(sys.argv[1], **json.loads(sys.argv[2])), sys.stdout)
