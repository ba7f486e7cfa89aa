#!/usr/bin/env bash
# Sets up what is missing, brings the database up to date, loads the demo and serves it on this machine, with its worker.
# PORT (8000) and DATABASE_URL (SQLite in db.sqlite3) are honoured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DEBUG="${DEBUG:-true}" PORT="${PORT:-8000}" PYTHONUNBUFFERED=1 BACKGROUND_WORKER="${BACKGROUND_WORKER:-true}"

scripts/setup.sh run
.venv/bin/python -m scripts.prepare
exec .venv/bin/python -m gunicorn --config scripts/serve.py
