"""Gunicorn's settings for `make run`: this machine only, a few threads, the worker, and the address once it answers."""

import os
import subprocess
import sys

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
wsgi_app = "mobility_planning.wsgi"
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 3
loglevel = "warning"
control_socket_disable = True


workers_beside: list[subprocess.Popen[bytes]] = []


def when_ready(server: object) -> None:
    """Start the worker and say where the pages are; the port is open from here on."""
    if os.environ.get("BACKGROUND_WORKER") == "true":
        # Out of the terminal's reach: Ctrl-C ends the server, and the server ends the worker.
        command = [sys.executable, "manage.py", "make_exports"]
        workers_beside.append(subprocess.Popen(command, start_new_session=True))
    print(f"\nMobility Planning is on http://{bind}/  (stop it with Ctrl-C)", flush=True)


def on_exit(server: object) -> None:
    """The worker ends with the server."""
    for worker in workers_beside:
        worker.terminate()
        worker.wait()
