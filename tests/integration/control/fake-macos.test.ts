import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { build, type PlistValue } from "plist";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runTool, type ToolResult } from "../../../helper/macos-tools/run-tool.ts";
import { installFakeMacos, type FakeMacos } from "../../support/fake-macos/install-fake-macos.ts";

// What a Mac answers, to the letter of the facts the fakes were written from: this table is what keeps them honest.

const uid = process.getuid?.() ?? 0;
const domain = `gui/${uid}`;
const label = "com.example.job";
const service = `${domain}/${label}`;
const busy = "Bootstrap failed: 5: Input/output error\nTry re-running the command as root for richer errors.\n";
const notFound = `Bad request.\nCould not find service "${label}" in domain for user gui: ${uid}\n`;

// Every step is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 30_000 });

let fake: FakeMacos;
beforeEach(() => {
  fake = installFakeMacos(undefined, { throttleMs: 50, exitTimeoutMs: 300 });
});
afterEach(() => fake.close());

function run(tool: string, args: string[]): Promise<ToolResult> {
  return runTool(join(fake.pathEntry, tool), { args, childEnv: fake.env });
}

const launchctl = (...args: string[]) => run("launchctl", args);

function job(script: string, keys: Record<string, PlistValue> = {}): string {
  const path = join(fake.home, `${label}.plist`);
  const spec = { Label: label, ProgramArguments: ["/bin/sh", "-c", script], RunAtLoad: true, ...keys };
  writeFileSync(path, build(spec), { mode: 0o644 });
  return path;
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await delay(10);
}

const gone = async () => (await launchctl("print", service)).exitCode === 113;

describe("launchctl, when the job is not there", () => {
  it.each([
    ["print", ["print", service], 113, notFound],
    ["bootout", ["bootout", service], 3, "Boot-out failed: 3: No such process\n"],
    ["kickstart", ["kickstart", service], 113, notFound],
    ["kickstart -k", ["kickstart", "-k", service], 113, notFound],
    ["enable", ["enable", service], 0, ""],
    ["disable", ["disable", service], 0, ""],
  ])("%s", async (_name, args, exitCode, stderr) => {
    expect(await launchctl(...args)).toMatchObject({ exitCode, stderr, stdout: "" });
  });
});

describe("launchctl in a session without a GUI", () => {
  it.each([
    [
      "bootstrap",
      ["bootstrap", domain, "/x.plist"],
      125,
      "Bootstrap failed: 125: Domain does not support specified action\n",
    ],
    ["print", ["print", service], 112, `Could not find domain for user gui: ${uid}\n`],
  ])("%s", async (_name, args, exitCode, stderr) => {
    fake.set({ domain: "missing" });
    expect(await launchctl(...args)).toMatchObject({ exitCode, stderr });
  });
});

describe("launchctl bootstrap", () => {
  it("answers 5 when the job is loaded, is draining, or is disabled, and the disabling lasts", async () => {
    const plist = job("trap '' TERM; while :; do sleep 0.05; done");
    expect(await launchctl("bootstrap", domain, plist)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await launchctl("bootstrap", domain, plist)).toMatchObject({ exitCode: 5, stderr: busy });
    fake.set({ drain: "held" });
    expect(await launchctl("bootout", service)).toMatchObject({ exitCode: 0 });
    expect(await launchctl("bootstrap", domain, plist)).toMatchObject({ exitCode: 5, stderr: busy });
    expect(await launchctl("bootout", service)).toMatchObject({
      exitCode: 36,
      stderr: "Boot-out failed: 36: Operation now in progress\n",
    });
    fake.set({ drain: "" });
    await until(gone);
    await launchctl("disable", service);
    expect(await launchctl("bootstrap", domain, plist)).toMatchObject({ exitCode: 5, stderr: busy });
    await launchctl("enable", service);
    expect(await launchctl("bootstrap", domain, plist)).toMatchObject({ exitCode: 0 });
  });

  it("refuses what launchd refuses: others' or writable files, other endings, programs that are not absolute", async () => {
    const plist = job("exit 0");
    chmodSync(plist, 0o664);
    expect((await launchctl("bootstrap", domain, plist)).exitCode).toBe(122);
    const renamed = join(fake.home, "job.txt");
    writeFileSync(renamed, build({ Label: label, ProgramArguments: ["/bin/sh"] }), { mode: 0o644 });
    expect((await launchctl("bootstrap", domain, renamed)).exitCode).toBe(5);
    const relative = job("exit 0", { ProgramArguments: ["sh"] });
    chmodSync(relative, 0o644);
    expect((await launchctl("bootstrap", domain, relative)).exitCode).toBe(5);
    expect((await launchctl("bootstrap", domain, join(fake.home, "none.plist"))).exitCode).toBe(2);
  });

  it("answers an ordered fault as often as it was ordered, and close() tells of one that never fired", async () => {
    const own = installFakeMacos();
    own.failNext("bootstrap", 37, 2);
    const args = ["bootstrap", domain, "/none.plist"];
    const result = await runTool(join(own.pathEntry, "launchctl"), { args, childEnv: own.env });
    expect(result).toMatchObject({ exitCode: 37, stderr: "Bootstrap failed: 37: Operation already in progress\n" });
    await expect(own.close()).rejects.toThrow("never fired: bootstrap");
  });
});

describe("launchd's keeping of a job", () => {
  const keepAlive = { KeepAlive: { SuccessfulExit: false } };

  it("starts it again after a failure and leaves it down after exit 0", async () => {
    const count = join(fake.dir, "count");
    const plist = job(`echo x >> '${count}'; [ $(wc -l < '${count}') -ge 3 ]`, keepAlive);
    await launchctl("bootstrap", domain, plist);
    await until(() => fake.job(label)?.lastExitCode === "0");
    const { stdout } = await launchctl("print", service);
    expect(stdout).toMatch(/^\tstate = not running$/m);
    expect(stdout).toMatch(/^\truns = 3$/m);
    expect(stdout).toMatch(/^\tlast exit code = 0$/m);
  });

  it("shows a running job with its number, and the signal that ended the one before", async () => {
    await launchctl("bootstrap", domain, job("sleep 60", keepAlive));
    await until(() => fake.job(label)?.state === "running");
    const first = fake.job(label)?.pid as number;
    expect((await launchctl("print", service)).stdout).toMatch(new RegExp(`^\\tpid = ${first}$`, "m"));
    process.kill(first, "SIGKILL");
    await until(() => fake.job(label)?.runs === 2);
    expect((await launchctl("print", service)).stdout).toMatch(/^\tlast terminating signal = Killed: 9$/m);
  });

  it("says 78 where the program could not be started or its output not opened", async () => {
    await launchctl("bootstrap", domain, job("", { ProgramArguments: ["/nowhere/program"] }));
    await until(() => fake.job(label)?.lastExitCode === "78: EX_CONFIG");
    await launchctl("bootout", service);
    await until(gone);
    await launchctl("bootstrap", domain, job("exit 0", { StandardOutPath: "/nowhere/out.log" }));
    await until(() => fake.job(label)?.lastExitCode === "78: EX_CONFIG");
    expect(fake.job(label)?.runs).toBe(0);
  });

  it("ends it with SIGTERM first, and with SIGKILL when it does not go in time", async () => {
    const told = join(fake.dir, "told");
    const plist = job(`trap 'echo told > ${told}' TERM; echo ready > ${told}; while :; do sleep 0.05; done`);
    await launchctl("bootstrap", domain, plist);
    const text = async () => (await runTool("/bin/cat", { args: [told], childEnv: {} })).stdout.trim();
    await until(async () => (await text()) === "ready");
    await launchctl("bootout", service);
    await until(gone);
    expect(await text()).toBe("told");
  });

  it("gives it nothing of the caller's environment but its property list's own", async () => {
    const out = join(fake.dir, "env");
    const keys = { StandardOutPath: out, EnvironmentVariables: { PHOTOLALA_STATE_DIR: "/moved" }, Umask: "077" };
    const childEnv = { ...fake.env, AWS_SECRET_ACCESS_KEY: "secret" };
    const args = ["bootstrap", domain, job("env; umask", keys)];
    await runTool(join(fake.pathEntry, "launchctl"), { args, childEnv });
    await until(() => fake.job(label)?.lastExitCode === "0");
    const text = (await runTool("/bin/cat", { args: [out], childEnv: {} })).stdout;
    expect(text).toContain("PHOTOLALA_STATE_DIR=/moved\n");
    expect(text).toContain(`HOME=${fake.home}\n`);
    expect(text).toMatch(/^0077$/m);
    expect(text).not.toContain("AWS_");
  });
});

describe("osascript and open", () => {
  const script = "display notification (item 1 of argv) with title (item 2 of argv)";
  const show = ["-e", "on run argv", "-e", script, "-e", "end run", "--", '-body "x"', "title"];
  const ask =
    'function run(a){ObjC.import("ServiceManagement");return $.SMAppService.statusForLegacyURL($.NSURL.fileURLWithPath(a[0]))}';

  it("shows a notification, and drops it without a word when the person did not allow it", async () => {
    expect(await run("osascript", show)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    fake.set({ notifications: "off" });
    expect(await run("osascript", show)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(fake.notifications()).toEqual([{ body: '-body "x"', title: "title" }]);
  });

  it("answers what the login item is: there, not there, turned off", async () => {
    const plist = join(fake.home, "a.plist");
    const status = async () => (await run("osascript", ["-l", "JavaScript", "-e", ask, plist])).stdout;
    expect(await status()).toBe("3\n");
    mkdirSync(plist);
    expect(await status()).toBe("1\n");
    fake.set({ "login-item": "2" });
    expect(await status()).toBe("2\n");
  });

  it("fails on a script it was not written for", async () => {
    expect((await run("osascript", ["-e", 'do shell script "true"'])).exitCode).toBe(1);
  });

  it("opens, or fails with 1 where nothing handles the URL", async () => {
    expect((await run("open", ["-g", "raycast://x"])).exitCode).toBe(0);
    expect(fake.opened()).toEqual([["-g", "raycast://x"]]);
    fake.set({ open: "no-handler" });
    expect((await run("open", ["-g", "raycast://x"])).exitCode).toBe(1);
  });
});
