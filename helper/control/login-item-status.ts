import { findTool } from "../macos-tools/find-tool.ts";
import { runTool } from "../macos-tools/run-tool.ts";
import type { AgentHost } from "./agent-host.ts";

/** Whether System Settings > Login Items lets the agent run. "unknown" is normal for seconds after an install. */
export type LoginItemStatus = "enabled" | "off" | "unknown";

const script =
  'function run(a){ObjC.import("ServiceManagement");' +
  "return $.SMAppService.statusForLegacyURL($.NSURL.fileURLWithPath(a[0]))}";

/** Asks macOS, in 30-70 ms; never rejects. */
export async function loginItemStatus(plistPath: string, host: AgentHost): Promise<LoginItemStatus> {
  const tool = findTool("osascript", host);
  if (!tool) return "unknown";
  try {
    const args = ["-l", "JavaScript", "-e", script, plistPath];
    const result = await runTool(tool, { args, timeoutMs: 5_000, env: host.env, platform: host.platform });
    if (result.exitCode !== 0) return "unknown";
    const status = result.stdout.trim();
    if (status === "1") return "enabled";
    return status === "2" ? "off" : "unknown";
  } catch {
    return "unknown";
  }
}
