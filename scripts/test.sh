#!/usr/bin/env bash
# Everything that is checked: the lint parts, then every test on SQLite and on PostgreSQL in one run of pytest.
# With arguments, only pytest runs and gets them:  scripts/test.sh tests/readiness -k recommend
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh test
export DEBUG=true

lint=0
if [ "$#" = 0 ]; then
  scripts/lint.sh || lint=1
  set -- --cov=readiness.rules --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100
fi

tests=0
.venv/bin/python -m tests.postgres .venv/bin/python -m pytest -p tests.engines "$@" || tests=$?
if [ "$lint" != 0 ]; then
  echo "make test: a check before the tests failed (see above)" >&2
  exit 1
fi
exit "$tests"
