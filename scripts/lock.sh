#!/usr/bin/env bash
# Compiles requirements/*.in into lock files with hashes, and package.json into package-lock.json.
# Pins stay as they are unless asked:  scripts/lock.sh --upgrade
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh run
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/lock.txt

# test after base, and held to it: what is tested is what runs.
for name in base test node lock; do
  held=()
  if [ "$name" = test ]; then held=(--constraint requirements/base.txt); fi
  echo "› requirements/$name.txt"
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --custom-compile-command "make lock" "${held[@]}" "$@" \
    --output-file "requirements/$name.txt" "requirements/$name.in"
done

if command -v npm >/dev/null; then
  echo "› package-lock.json"
  npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
fi
