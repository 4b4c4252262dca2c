import { stat } from "node:fs/promises";
import type { StatePaths } from "../state/state-paths.ts";
import { agentHost, type AgentHostOptions } from "./agent-host.ts";
import { agentPlaces } from "./agent-places.ts";
import { readInstallRecord } from "./install-record.ts";

/** An update replaces the extension's folder; this long after it was first missed, it was no update. */
const confirmAfterMs = 10 * 60_000;

/** True when the extension's bundle that the agent was installed from is no longer there. Any doubt is a no. */
export async function isExtensionGone({
  paths,
  ...options
}: AgentHostOptions & { paths: StatePaths }): Promise<boolean> {
  const record = await readInstallRecord(agentPlaces(paths, agentHost(options).homeDir).record);
  if (!record) return false;
  try {
    await stat(record.bundlePath);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}

interface OrphanWatch {
  isGone: () => Promise<boolean>;
  /** Removes the agent; the state and the Keychain item are kept. Called once. */
  retire: () => Promise<void>;
  /** Called before, with the line for the audit trail. */
  audit: (record: { action: string; [detail: string]: unknown }) => Promise<void>;
  now?: () => number;
}

/**
 * The daemon calls the returned function at start and every hour. Only when two calls at least ten minutes apart both
 * miss the extension does the helper retire. Resolves to what was found.
 */
export function createOrphanWatch(watch: OrphanWatch): () => Promise<"here" | "missed" | "retired"> {
  const { isGone, retire, audit, now = Date.now } = watch;
  let missedSince: number | undefined;
  return async () => {
    if (!(await isGone())) {
      missedSince = undefined;
      return "here";
    }
    missedSince ??= now();
    if (now() - missedSince < confirmAfterMs) return "missed";
    await audit({ action: "agent-retired", why: "the extension is no longer installed" });
    await retire();
    return "retired";
  };
}
