import { minimumNodeMajor } from "./node-version.ts";
import { homebrewNodes, raycastNodePatterns } from "./node-places.ts";

interface LauncherScript {
  bundlePath: string;
  /** A folder of Node's own, made by it where it is missing. */
  compileCachePath: string;
  /** The Node that worked when the agent was installed; it is tried first. */
  nodePath: string;
  homebrewPaths?: string[];
}

/**
 * The text of `bin/photolala`, a POSIX shell script: looks for a Node at every start, since Raycast's own lies in a
 * folder named after its version, which is gone after an update, and then becomes the helper.
 */
export function launcherScript({
  bundlePath,
  compileCachePath,
  nodePath,
  homebrewPaths = homebrewNodes,
}: LauncherScript): string {
  const raycast = raycastNodePatterns.map((pattern) => `"$support"/${pattern}`).join(" ");
  const homebrew = homebrewPaths.map(shellQuoted).join(" ");
  return `#!/bin/sh
# Runs Photolala's helper with the first Node ${minimumNodeMajor} or newer that is found. Written by Photolala Backup at each install.
bundle=${shellQuoted(bundlePath)}
recorded=${shellQuoted(nodePath)}
support="\${HOME:-}/Library/Application Support"

# Sets rank to a number that orders versions; fails for what is no usable Node.
rank_of() {
  [ -f "$1" ] && [ -x "$1" ] || return 1
  version=$("$1" --version 2>/dev/null) || return 1
  version=\${version#v}
  major=\${version%%.*}
  rest=\${version#*.}
  minor=\${rest%%.*}
  patch=\${rest#*.}
  patch=\${patch%%[!0-9]*}
  for number in "$major" "$minor" "$patch"; do
    case $number in '' | *[!0-9]*) return 1 ;; esac
  done
  [ "$major" -ge ${minimumNodeMajor} ] || return 1
  rank=$((major * 1000000 + minor * 1000 + patch))
}

first_of() {
  for candidate in "$@"; do
    if rank_of "$candidate"; then
      node=$candidate
      return 0
    fi
  done
  return 1
}

newest_of() {
  best=0
  for candidate in "$@"; do
    if rank_of "$candidate" && [ "$rank" -gt "$best" ]; then
      node=$candidate
      best=$rank
    fi
  done
  [ "$best" -gt 0 ]
}

first_of "$recorded" ||
  newest_of ${raycast} ||
  first_of ${homebrew} "$(command -v node 2>/dev/null)" || {
  echo "Photolala found no Node ${minimumNodeMajor} or newer. Open Raycast once, or install Node." >&2
  exit 69
}
# Node keeps what it makes of the bundle: the next start takes a fifth less.
export NODE_COMPILE_CACHE=${shellQuoted(compileCachePath)}
exec "$node" "$bundle" "$@"
`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
