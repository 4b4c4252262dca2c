import { rmSync, writeFileSync } from "node:fs";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "plist";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentPlist } from "../../../helper/control/agent-plist.ts";
import { credentialFingerprint } from "../../../helper/control/credential-fingerprint.ts";
import { writeInstallRecord } from "../../../helper/control/install-record.ts";
import { parseLaunchctlPrint } from "../../../helper/control/parse-launchctl-print.ts";
import { createOrphanWatch, isExtensionGone } from "../../../helper/control/retire-when-orphaned.ts";
import { statePaths } from "../../../helper/state/state-paths.ts";

describe("the property list", () => {
  const places = { launcherPath: `/Users/a & b/<bin>/photolala`, stateDir: "/Users/é/State", logDir: "/Users/x/Logs" };

  it("says all that launchd needs to know, and survives names that XML minds", () => {
    expect(parse(agentPlist(places))).toEqual({
      Label: "com.photolala.backup.helper",
      ProgramArguments: ["/Users/a & b/<bin>/photolala", "run"],
      WorkingDirectory: "/Users/é/State",
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 30,
      ExitTimeOut: 30,
      ProcessType: "Standard",
      LowPriorityBackgroundIO: true,
      MaterializeDatalessFiles: false,
      Umask: "077",
      StandardOutPath: "/Users/x/Logs/agent.log",
      StandardErrorPath: "/Users/x/Logs/agent.log",
    });
  });

  it("carries variables only when there are any", () => {
    const environment = { PHOTOLALA_STATE_DIR: "/moved" };
    expect(parse(agentPlist({ ...places, environment }))).toMatchObject({ EnvironmentVariables: environment });
  });
});

describe("what launchctl prints", () => {
  it("is read at one tab only", () => {
    const text =
      "gui/1/l = {\n\tstate = not running\n\tevent = {\n\t\tstate = running\n\t\tpid = 7\n\t}\n\tlast exit code = 78: EX_CONFIG\n}\n";
    expect(parseLaunchctlPrint(text)).toEqual({ running: false, lastExit: "78: EX_CONFIG" });
  });

  it.each([
    ["\tstate = running\n\tpid = 42\n\tlast exit code = (never exited)\n", { running: true, pid: 42 }],
    ["\tstate = spawn scheduled\n\tlast terminating signal = Killed: 9\n", { running: false, lastExit: "Killed: 9" }],
    ["\tprogram = /a = b\n\tstate = running\n", { running: true }],
    ["", { running: false }],
  ])("%j", (text, job) => expect(parseLaunchctlPrint(text)).toEqual(job));
});

describe("the fingerprint of an access key", () => {
  const key = { accessKeyId: "AKIA", secretAccessKey: "secret" };
  const mark = credentialFingerprint(key, "salt");

  it("is the same for the same, and shows nothing of it", () => {
    expect(credentialFingerprint({ ...key }, "salt")).toBe(mark);
    expect(mark).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["another secret", { ...key, secretAccessKey: "Secret" }, "salt"],
    ["another id", { ...key, accessKeyId: "AKIB" }, "salt"],
    ["a character moved over", { accessKeyId: "AKIAs", secretAccessKey: "ecret" }, "salt"],
    ["another salt", key, "pepper"],
  ])("differs for %s", (_name, other, salt) => expect(credentialFingerprint(other, salt)).not.toBe(mark));
});

describe("a helper whose extension is gone", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "orphan-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("is told from one whose extension is there, or that nobody installed", async () => {
    const paths = statePaths({ env: { PHOTOLALA_STATE_DIR: dir }, platform: "linux", homeDir: dir });
    expect(await isExtensionGone({ paths, homeDir: dir })).toBe(false);
    mkdirSync(paths.binDir);
    const bundlePath = join(dir, "helper.mjs");
    writeFileSync(bundlePath, "");
    const hashes = { bundleSha256: "b", plistSha256: "p", nodePath: "/node", helperVersion: "1.0.0" };
    const installedAt = new Date(0).toISOString();
    await writeInstallRecord(join(paths.binDir, "install.json"), { version: 1, bundlePath, ...hashes, installedAt });
    expect(await isExtensionGone({ paths, homeDir: dir })).toBe(false);
    rmSync(bundlePath);
    expect(await isExtensionGone({ paths, homeDir: dir })).toBe(true);
  });

  it("retires only when two looks ten minutes apart both miss it, and leaves a line in the audit trail first", async () => {
    let nowMs = 0;
    let gone = true;
    const done: string[] = [];
    const check = createOrphanWatch({
      isGone: async () => gone,
      retire: async () => void done.push("retire"),
      audit: async ({ action }) => void done.push(action),
      now: () => nowMs,
    });
    expect(await check()).toBe("missed");
    nowMs = 9 * 60_000;
    expect(await check()).toBe("missed");
    gone = false;
    nowMs = 11 * 60_000;
    expect(await check()).toBe("here");
    gone = true;
    nowMs = 60 * 60_000;
    expect(await check()).toBe("missed");
    expect(done).toEqual([]);
    nowMs += 10 * 60_000;
    expect(await check()).toBe("retired");
    expect(done).toEqual(["agent-retired", "retire"]);
  });
});
