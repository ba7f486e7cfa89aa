#!/usr/bin/env bash
# The checks that need no test: style, format, types, import contracts, migrations in step, deployment settings.
# Each prints one line with its seconds, and what it found only where it fails. Exits 1 where any failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin=.venv/bin
python="$bin/python"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
failed=0
export DEBUG=true DATABASE_URL=sqlite:///:memory:

# part NAME COMMAND...
part() {
  local name="$1" from="$SECONDS" verdict=ok
  shift
  "$@" >"$log" 2>&1 </dev/null || verdict=FAILED
  printf '%-34s %-6s %3d s\n' "$name" "$verdict" "$((SECONDS - from))"
  if [ "$verdict" = FAILED ]; then
    cat "$log"
    failed=1
  fi
}

format_of_templates() {
  find templates -name '*.html' -print0 | xargs -0 -r "$bin/djade" --check --target-version 5.2
}

migrations_in_step() { "$python" manage.py makemigrations --check --dry-run; }

deployment_settings() {
  DEBUG=false ALLOWED_HOSTS=plans.example.org SITE_URL=https://plans.example.org EMAIL_URL=smtp://localhost \
    DATABASE_URL=sqlite:///:memory: \
    SECRET_KEY="$("$python" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    "$python" manage.py check --deploy --fail-level WARNING
}

part "style (ruff check)" "$bin/ruff" check --output-format concise .
part "format (ruff format)" "$bin/ruff" format --check --output-format concise .
part "templates (djade)" format_of_templates
part "import contracts (lint-imports)" "$bin/lint-imports"
part "migrations in step" migrations_in_step
part "deployment settings" deployment_settings
part "types (mypy)" "$python" -m mypy .
exit "$failed"
