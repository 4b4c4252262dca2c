import { homedir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Platform } from "../macos-tools/find-tool.ts";

/** The computer and the session the agent lives in: this process's own unless a test says otherwise. */
export interface AgentHostOptions extends Platform {
  homeDir?: string;
  uid?: number;
  /** What `process.execPath` is here: in Raycast not always a Node. */
  execPath?: string;
  now?: () => number;
  sleep?: (ms: number) => Promise<unknown>;
}

export type AgentHost = Required<AgentHostOptions>;

/** Fills in what was not given. */
export function agentHost(options: AgentHostOptions = {}): AgentHost {
  return {
    env: options.env ?? process.env,
    platform: options.platform ?? process.platform,
    homeDir: options.homeDir ?? homedir(),
    uid: options.uid ?? process.getuid?.() ?? 0,
    execPath: options.execPath ?? process.execPath,
    now: options.now ?? Date.now,
    sleep: options.sleep ?? delay,
  };
}
