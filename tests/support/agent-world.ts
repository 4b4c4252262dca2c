import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentLabel } from "../../helper/control/agent-label.ts";
import { statePaths, type StatePaths } from "../../helper/state/state-paths.ts";
import { installFakeMacos, type FakeMacos } from "./fake-macos/install-fake-macos.ts";

/** A fake Mac with the extension's bundle in place, ready for the agent to be installed. */
export interface AgentWorld {
  fake: FakeMacos;
  paths: StatePaths;
  bundlePath: string;
  plistPath: string;
  /** What every function of helper/control is given. */
  options: {
    helperBundlePath: string;
    paths: StatePaths;
    env: Record<string, string>;
    homeDir: string;
    platform: "linux";
    sleep: (ms: number) => Promise<void>;
  };
  /** The pauses that were asked for; they are cut short. */
  sleepsMs: number[];
  writeBundle(version: string): void;
  /** The subcommands launchctl was asked for since the last time, without the many `print`s. */
  launchctlCalls(): string[];
}

/** A helper that answers --version, and runs until it is told to end. */
export function bundleText(version: string): string {
  return `if (process.argv.includes("--version")) console.log(${JSON.stringify(version)});
else {
  process.on("SIGTERM", () => process.exit(0));
  setInterval(() => undefined, 1000);
}
`;
}

export function createAgentWorld(): AgentWorld {
  const fake = installFakeMacos();
  const extensionDir = join(fake.dir, "extension", "assets");
  mkdirSync(extensionDir, { recursive: true });
  const bundlePath = join(extensionDir, "helper.mjs");
  const writeBundle = (version: string) => writeFileSync(bundlePath, bundleText(version));
  writeBundle("1.0.0");
  const paths = statePaths({ env: {}, platform: "darwin", homeDir: fake.home });
  const sleepsMs: number[] = [];
  const sleep = async (ms: number) => {
    sleepsMs.push(ms);
    await new Promise((resolve) => setTimeout(resolve, Math.min(ms, 10)));
  };
  let seen = 0;
  return {
    fake,
    paths,
    bundlePath,
    plistPath: join(fake.home, "Library", "LaunchAgents", `${agentLabel}.plist`),
    options: { helperBundlePath: bundlePath, paths, env: fake.env, homeDir: fake.home, platform: "linux", sleep },
    sleepsMs,
    writeBundle,
    launchctlCalls: () => {
      const calls = fake.calls("launchctl").map(({ argv }) => argv[0] ?? "");
      const fresh = calls.slice(seen).filter((name) => name !== "print");
      seen = calls.length;
      return fresh;
    },
  };
}
