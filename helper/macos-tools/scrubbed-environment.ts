type Environment = Record<string, string | undefined>;

const kept = new Set(["HOME", "TMPDIR"]);
const keptPrefixes = ["PHOTOLALA_", "FAKE_MACOS_"];
const minimalPath = "/usr/bin:/bin:/usr/sbin:/sbin";

/**
 * The few variables a child process gets: no NODE_OPTIONS, no NODE_PATH, no credentials of ours.
 * `alsoKeep` adds to them; `PATH` is macOS's own there and the caller's elsewhere.
 */
export function scrubbedEnvironment(
  env: Environment,
  platform: NodeJS.Platform,
  alsoKeep: (name: string) => boolean = () => false,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (kept.has(name) || keptPrefixes.some((prefix) => name.startsWith(prefix)) || alsoKeep(name))
      result[name] = value;
  }
  result.PATH = platform === "darwin" ? minimalPath : env.PATH || minimalPath;
  return result;
}
