#!/bin/sh
# Makes sure that tmux is here and that tests/termcast has its packages (termcast and the bun it runs on).
# Installs tmux only where it may: as root on a system with apt-get.
set -eu
cd "$(dirname "$0")/../tests/termcast"

if ! command -v tmux >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq tmux >/dev/null
  else
    echo "tmux is missing: install it (apt-get install tmux, brew install tmux) and run this again." >&2
    exit 1
  fi
fi

# npm ci only when the lockfile is newer than what is installed: it takes half a minute.
if [ ! -x node_modules/.bin/termcast ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi

node_modules/.bin/bun --version >/dev/null || { echo "bun does not start on this system." >&2; exit 1; }
echo "termcast is ready: $(tmux -V), bun $(node_modules/.bin/bun --version)"
