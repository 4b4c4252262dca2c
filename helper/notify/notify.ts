import { findTool, type Platform } from "../macos-tools/find-tool.ts";
import { runTool } from "../macos-tools/run-tool.ts";
import { createNotifiedMemory, type NotifiedMemory } from "./notified-memory.ts";

interface Notice {
  title: string;
  body: string;
  /** What it is about; the same key is told at most once a day. */
  key: string;
}

export interface Notifier {
  /** Shows it, unless its key was told within 24 hours and not settled since. Never rejects. */
  notify(notice: Notice): Promise<void>;
  /** The matter and all under it ("held" and "held:…") are over: what comes back is told again at once. */
  settle(key: string): Promise<void>;
}

interface NotifierOptions extends Platform {
  now?: () => number;
  /** Where what was told is kept, so that a restarted helper does not tell it again; in memory only without it. */
  memoryPath?: string;
  memory?: NotifiedMemory;
}

const onceWithinMs = 24 * 60 * 60_000;

/** Notifications through osascript; silently nothing where there is none, or where the person turned them off. */
export function createNotifier(options: NotifierOptions = {}): Notifier {
  const { now = Date.now, env, platform } = options;
  const memory = options.memory ?? createNotifiedMemory(options.memoryPath);
  const tool = findTool("osascript", options);
  if (!tool) return { notify: async () => undefined, settle: async () => undefined };

  return {
    async notify({ title, body, key }) {
      const toldAt = await memory.toldAt(key);
      const elapsedMs = toldAt === undefined ? onceWithinMs : now() - toldAt;
      // A clock that was set back must not silence anything for years.
      if (elapsedMs >= 0 && elapsedMs < onceWithinMs) return;
      // Kept before it is shown: one too few is better than one every restart.
      await memory.remember(key, now());
      await runTool(tool, { args: displayArgs(title, body), timeoutMs: 10_000, env, platform }).catch(() => undefined);
    },
    settle: (key) => memory.forget(key),
  };
}

/** The texts are arguments of the script and never part of it, so nothing in them can run. */
function displayArgs(title: string, body: string): string[] {
  const lines = ["on run argv", "display notification (item 1 of argv) with title (item 2 of argv)", "end run"];
  return [...lines.flatMap((line) => ["-e", line]), "--", body, title];
}
