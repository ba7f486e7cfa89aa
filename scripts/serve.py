"""Gunicorn's settings for `make run`: this machine only, a few threads, and the address once it answers."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
wsgi_app = "mobility_planning.wsgi"
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 3
loglevel = "warning"
control_socket_disable = True


def when_ready(server: object) -> None:
    """Say where the pages are; the port is open from here on."""
    print(f"\nMobility Planning is on http://{bind}/  (stop it with Ctrl-C)", flush=True)
