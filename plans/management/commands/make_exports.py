"""The worker: makes the files that people wait for, one after the other, until it is stopped."""

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from documents.apart import get_ready
from plans import exports

logger = logging.getLogger(__name__)

# Seconds between two looks, and after a database that does not answer.
LOOK, OUTAGE = 0.5, 10


class Command(BaseCommand):
    help = "Make the files of plans that people wait for, until it is stopped; the server needs BACKGROUND_WORKER=true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="make what waits now, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            while exports.make_next():
                pass
            return
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            get_ready()
            while True:
                time.sleep(_work())
        except KeyboardInterrupt:
            return


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _work() -> float:
    """One look; how long to wait until the next."""
    close_old_connections()
    try:
        return 0 if exports.make_next() else LOOK
    except DatabaseError:
        logger.exception("The database does not answer.")
        connection.close()
        return OUTAGE
