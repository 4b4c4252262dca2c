import { runTool } from "../macos-tools/run-tool.ts";

/** The oldest major version of Node the helper's bundle is built for. */
export const minimumNodeMajor = 22;

export type NodeVersion = [major: number, minor: number, patch: number];

export function parseNodeVersion(text: string): NodeVersion | undefined {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim());
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined;
}

/** Orders versions by their numbers, oldest first: 22.9.0 comes before 22.22.2. */
export function compareNodeVersions(a: NodeVersion, b: NodeVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The version of the Node at a path, or undefined where there is none, it does not run, or it is too old. */
export async function usableNodeVersion(
  path: string,
  env?: Record<string, string | undefined>,
): Promise<NodeVersion | undefined> {
  try {
    const result = await runTool(path, { args: ["--version"], timeoutMs: 5_000, env });
    const version = result.exitCode === 0 ? parseNodeVersion(result.stdout) : undefined;
    return version && version[0] >= minimumNodeMajor ? version : undefined;
  } catch {
    return undefined;
  }
}
