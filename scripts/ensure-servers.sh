#!/bin/bash
# Makes sure that the real S3 servers of the contract tests are here, installing what is missing with go, and prints
# where each one is. Arguments name the servers; without any, all of them.
set -eu

module_of() {
  case "$1" in
    minio) echo github.com/minio/minio ;;
    versitygw) echo github.com/versity/versitygw/cmd/versitygw ;;
    rclone) echo github.com/rclone/rclone ;;
    *)
      echo "ensure-servers: there is no server named $1; known are minio, versitygw and rclone" >&2
      exit 2
      ;;
  esac
}

go_bin() {
  command -v go >/dev/null || return 0
  local bin
  bin=$(go env GOBIN)
  # GOPATH may be a list; go installs into its first folder.
  echo "${bin:-$(go env GOPATH | cut -d: -f1)/bin}"
}

find_server() {
  local folder
  for folder in "${PHOTOLALA_TEST_BIN:-}" "$go_bin" "$HOME/go/bin"; do
    if [ -n "$folder" ] && [ -x "$folder/$1" ]; then
      echo "$folder/$1"
      return 0
    fi
  done
  command -v "$1"
}

install_server() {
  local module=$2
  if ! command -v go >/dev/null; then
    echo "ensure-servers: $1 is not installed and neither is go, which installs it." >&2
    echo "Install Go (https://go.dev/dl/), or put a $1 binary on PATH or into the folder PHOTOLALA_TEST_BIN names." >&2
    exit 1
  fi
  echo "ensure-servers: installing $1 with go (a few minutes the first time)" >&2
  go install "$module@latest" >&2
}

go_bin=$(go_bin)
if [ $# -eq 0 ]; then set -- minio versitygw rclone; fi
for name in "$@"; do
  module=$(module_of "$name")
  find_server "$name" >/dev/null || install_server "$name" "$module"
  path=$(find_server "$name")
  echo "$name: $path"
done
