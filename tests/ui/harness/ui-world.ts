import { environment } from "@raycast/api";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { agentLabel } from "../../../helper/control/agent-label.ts";
import { credentialFingerprint } from "../../../helper/control/credential-fingerprint.ts";
import type { Capabilities } from "../../../helper/state/files/capabilities.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import type { Verification } from "../../../helper/state/files/verification.ts";
import { processStartTime } from "../../../helper/state/lock/process-start-time.ts";
import type { FailuresFile } from "../../../helper/state/files/failures.ts";
import { emptySettings, type Settings } from "../../../helper/state/files/settings.ts";
import type { Status } from "../../../helper/state/files/status.ts";
import { takeRequests } from "../../../helper/state/files/request-store.ts";
import { statePaths, type StatePaths } from "../../../helper/state/state-paths.ts";
import { raycast, resetRaycast } from "../../support/raycast-stub/recorder.ts";
import { someDestination, someStatus } from "../../support/state/samples.ts";
import { createFakeHelper, type FakeHelper } from "./fake-helper.ts";

/** A Mac user's small world for one command: real state files, a stand-in helper, no launchd unless a test adds one. */
export interface UiWorld {
  dir: string;
  paths: StatePaths;
  helper: FakeHelper;
  /** A folder that exists. */
  folder(name: string): string;
  settings(changes: Partial<Settings>): void;
  status(changes: Partial<Status>): void;
  /** The status of a helper that runs: this very process, with a heartbeat of now. */
  liveStatus(changes: Partial<Status>): void;
  failures(changes: Partial<FailuresFile>): void;
  /** What the last verification of `someDestination` proved. */
  verification(changes: Pick<Verification, "presence" | "reading">): void;
  /** What the bucket of `someDestination` was seen to do. */
  capabilities(changes: Pick<Capabilities, "conditionalWrites">): void;
  /** As after Turn Background Backup On: the agent's property list is there. */
  turnedOn(): void;
  /** The kinds of the requests left for the helper, with their photos. */
  requests(): Promise<{ kind: string; paths?: string[] | undefined }[]>;
}

export const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
export const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

export function createUiWorld(): UiWorld {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "photolala-ui-")));
  const noTools = join(dir, "no-tools");
  mkdirSync(noTools);
  vi.stubEnv("PHOTOLALA_STATE_DIR", join(dir, "state"));
  vi.stubEnv("PHOTOLALA_LOG_DIR", join(dir, "logs"));
  vi.stubEnv("PHOTOLALA_TOOLS_DIR", noTools);
  vi.stubEnv("HOME", dir);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true, force: true });
  });
  resetRaycast();
  raycast.preferences = { accessKeyId, secretAccessKey };
  handedOverBefore();
  const helper = createFakeHelper(dir);
  helper.answer("credentials set", { stored: "keychain" });
  helper.answer("failures", { conflictsTotal: 0, conflicts: [] });
  environment.assetsPath = helper.assetsPath;
  const paths = statePaths();
  mkdirSync(paths.requestsDir, { recursive: true });
  const write = (path: string, content: object) => writeFileSync(path, JSON.stringify(content));
  return {
    dir,
    paths,
    helper,
    folder: (name) => {
      const path = join(dir, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    settings: (changes) => write(paths.settings, { ...emptySettings, ...changes }),
    status: (changes) => write(paths.status, someStatus(changes)),
    liveStatus: (changes) => write(paths.status, someStatus({ ...alive(), ...changes })),
    failures: (changes) =>
      write(paths.failures, {
        version: 1,
        updatedAt: new Date().toISOString(),
        total: 0,
        totalsByCode: {},
        causes: [],
        photos: [],
        ...changes,
      }),
    verification: (changes) => {
      mkdirSync(join(paths.stateDir, "verification"), { recursive: true });
      const path = join(paths.stateDir, "verification", `${destinationId(someDestination)}.json`);
      write(path, { version: 1, destination: someDestination, ...changes });
    },
    capabilities: (changes) => {
      mkdirSync(paths.capabilitiesDir, { recursive: true });
      const path = join(paths.capabilitiesDir, `${destinationId(someDestination)}.json`);
      write(path, { version: 1, probedAt: new Date().toISOString(), helperVersion: "0.1.0", ...changes });
    },
    turnedOn: () => {
      const agents = join(dir, "Library", "LaunchAgents");
      mkdirSync(agents, { recursive: true });
      writeFileSync(join(agents, `${agentLabel}.plist`), "");
    },
    requests: async () => (await takeRequests(paths)).map(({ request: { kind, paths: of } }) => ({ kind, paths: of })),
  };
}

/** As after the first command of all: most commands find nothing to hand over. */
function handedOverBefore(): void {
  const salt = "0123456789abcdef";
  raycast.localStorage.set("credential-salt", salt);
  raycast.localStorage.set("credential-fingerprint", credentialFingerprint({ accessKeyId, secretAccessKey }, salt));
}

function alive(): Partial<Status> {
  const startTime = processStartTime(process.pid);
  if (!startTime) throw new Error("this process has no start time");
  return { pid: process.pid, processStartTime: startTime, heartbeatAt: new Date().toISOString() };
}

/** So many minutes before now. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}
