import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { agentLabel } from "../../../helper/control/agent-label.ts";
import { agentState } from "../../../helper/control/agent-state.ts";
import { ensureHelperRunning } from "../../../helper/control/ensure-helper-running.ts";
import { installAgent } from "../../../helper/control/install-agent.ts";
import { uninstallAgent } from "../../../helper/control/uninstall-agent.ts";
import { runTool } from "../../../helper/macos-tools/run-tool.ts";
import { createAgentWorld, type AgentWorld } from "../../support/agent-world.ts";

// Every step is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 30_000 });

let world: AgentWorld;
beforeEach(() => {
  world = createAgentWorld();
});
afterEach(() => world.fake.close());

const install = () => installAgent(world.options);
const state = () => agentState(world.options);
const record = (): Record<string, string> =>
  JSON.parse(readFileSync(join(world.paths.binDir, "install.json"), "utf8")) as Record<string, string>;
const isAlive = (pid: number) => existsSync(`/proc/${pid}`) || process.kill(pid, 0);

describe("installing the agent", () => {
  it("puts every file in place, starts the helper and records what launchd was given", async () => {
    const installed = await install();
    expect(installed).toMatchObject({ available: true, installed: true, loaded: true, running: true, upToDate: true });
    expect(installed.loginItem).toBe("enabled");
    expect(isAlive(installed.pid as number)).toBe(true);
    expect(statSync(world.plistPath).mode & 0o777).toBe(0o644);
    expect(statSync(join(world.paths.binDir, "photolala")).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(world.paths.binDir, "helper.mjs"), "utf8")).toBe(readFileSync(world.bundlePath, "utf8"));
    expect(record()).toMatchObject({
      bundlePath: world.bundlePath,
      nodePath: process.execPath,
      helperVersion: "1.0.0",
    });
    expect(world.launchctlCalls()).toEqual(["bootout", "enable", "bootstrap"]);
  });

  it("twice changes nothing: the same process goes on", async () => {
    const first = await install();
    const before = [world.plistPath, join(world.paths.binDir, "install.json")].map((path) => statSync(path).mtimeMs);
    world.launchctlCalls();
    const second = await install();
    expect(second.pid).toBe(first.pid);
    expect(world.launchctlCalls()).toEqual([]);
    const after = [world.plistPath, join(world.paths.binDir, "install.json")].map((path) => statSync(path).mtimeMs);
    expect(after).toEqual(before);
  });

  it("upgrades when the extension brings another bundle: the old process ends, a new one runs", async () => {
    const first = await install();
    world.writeBundle("2.0.0");
    expect(await state()).toMatchObject({ running: true, upToDate: false });
    const second = await install();
    expect(second).toMatchObject({ running: true, upToDate: true });
    expect(second.pid).not.toBe(first.pid);
    expect(record().helperVersion).toBe("2.0.0");
  });

  it("does an upgrade again that was cut off after the files were written", async () => {
    const first = await install();
    world.writeBundle("2.0.0");
    world.fake.failNext("bootout", 1);
    await expect(install()).rejects.toMatchObject({ code: "agent-not-started" });
    expect(record().helperVersion).toBe("1.0.0");
    const second = await install();
    expect(second.pid).not.toBe(first.pid);
    expect(record().helperVersion).toBe("2.0.0");
  });

  it("restarts for another property list, and keeps folders that were moved", async () => {
    const first = await install();
    const moved = join(world.fake.dir, "moved");
    const paths = { ...world.paths, logDir: moved };
    const second = await installAgent({ ...world.options, paths });
    expect(second.pid).not.toBe(first.pid);
    const plist = readFileSync(world.plistPath, "utf8");
    expect(plist).toContain(`<key>PHOTOLALA_LOG_DIR</key>\n      <string>${moved}</string>`);
  });

  it("starts a job that is loaded but not running", async () => {
    const { pid } = await install();
    process.kill(pid as number, "SIGTERM");
    while ((await state()).running) await world.options.sleep(10);
    expect(await state()).toMatchObject({ loaded: true, running: false, lastExit: "0" });
    world.launchctlCalls();
    expect(await ensureHelperRunning(world.options)).toMatchObject({ running: true });
    expect(world.launchctlCalls()).toEqual(["kickstart"]);
  });

  it("loads it again when launchd has forgotten it, and enables it when it was disabled", async () => {
    await install();
    const service = `gui/${process.getuid?.()}/${agentLabel}`;
    for (const subcommand of ["disable", "bootout"]) {
      const tool = join(world.fake.pathEntry, "launchctl");
      await runTool(tool, { args: [subcommand, service], childEnv: world.fake.env });
    }
    expect(await install()).toMatchObject({ running: true });
  });

  it.each([5, 37])("tries again, with growing pauses, while bootstrap answers %i", async (exitCode) => {
    world.fake.failNext("bootstrap", exitCode, 3);
    expect(await install()).toMatchObject({ running: true });
    expect(world.sleepsMs.slice(0, 3)).toEqual([250, 500, 1000]);
  });

  it("says so when launchd goes on refusing, and leaves no record of a success", async () => {
    world.fake.failNext("bootstrap", 5, 8);
    await expect(install()).rejects.toMatchObject({ code: "agent-not-started" });
    expect(existsSync(join(world.paths.binDir, "install.json"))).toBe(false);
  });

  it.each([3, 36, 113])("takes bootout's answer %i for done", async (exitCode) => {
    world.fake.failNext("bootout", exitCode);
    expect(await install()).toMatchObject({ running: true });
  });

  it("waits until the old job has drained before it loads the new one", async () => {
    const first = await install();
    world.writeBundle("2.0.0");
    world.fake.set({ drain: "held" });
    let drainedAfter = 0;
    const sleep = async (ms: number) => {
      drainedAfter += 1;
      if (drainedAfter === 3) world.fake.set({ drain: "" });
      await world.options.sleep(ms);
    };
    const second = await installAgent({ ...world.options, sleep });
    expect(drainedAfter).toBeGreaterThanOrEqual(3);
    expect(second).toMatchObject({ running: true, upToDate: true });
    expect(second.pid).not.toBe(first.pid);
  });

  it("two at once end with one running helper", async () => {
    const [one, two] = await Promise.all([install(), install()]);
    expect([one.installed, two.installed]).toEqual([true, true]);
    expect(await ensureHelperRunning(world.options)).toMatchObject({ running: true, upToDate: true });
  });

  it("keeps the recorded Node while it works, so that two callers don't take turns", async () => {
    await install();
    world.launchctlCalls();
    await installAgent({ ...world.options, execPath: "/Applications/Raycast Helper (Extensions)" });
    expect(record().nodePath).toBe(process.execPath);
    expect(world.launchctlCalls()).toEqual([]);
  });
});

describe("where the agent can't run", () => {
  it("writes nothing in a session without a GUI", async () => {
    world.fake.set({ domain: "missing" });
    await expect(install()).rejects.toMatchObject({ code: "agent-unavailable" });
    expect(existsSync(world.plistPath)).toBe(false);
    expect(await state()).toMatchObject({ available: false, installed: false, loaded: false });
  });

  it("says so where there is no launchd", async () => {
    const env = { HOME: world.fake.home, PATH: "/nonexistent" };
    await expect(installAgent({ ...world.options, env })).rejects.toMatchObject({ code: "agent-unavailable" });
    expect(await agentState({ ...world.options, env })).toMatchObject({ available: false, loginItem: "unknown" });
  });

  it("leaves it to the person when they turned it off in System Settings", async () => {
    world.fake.set({ "login-item": "2" });
    expect(await install()).toMatchObject({ installed: true, loaded: false, running: false, loginItem: "off" });
    expect(world.launchctlCalls()).toEqual([]);
    world.fake.set({ "login-item": "1" });
    expect(await install()).toMatchObject({ running: true, loginItem: "enabled" });
  });

  it("refuses to install a bundle that is not there, and leaves the running helper alone", async () => {
    const { pid } = await install();
    rmSync(world.bundlePath);
    await expect(install()).rejects.toMatchObject({ code: "helper-failed" });
    expect((await state()).pid).toBe(pid);
  });
});

describe("uninstalling the agent", () => {
  it("ends the helper and leaves no property list, launcher, bundle or record; the state stays", async () => {
    const { pid } = await install();
    writeFileSync(world.paths.settings, "{}");
    mkdirSync(join(world.paths.binDir, "compile-cache", "v22"), { recursive: true });
    await uninstallAgent(world.options);
    expect(await state()).toMatchObject({ installed: false, loaded: false, running: false });
    expect(() => process.kill(pid as number, 0)).toThrow("ESRCH");
    for (const name of ["photolala", "helper.mjs", "compile-cache", "install.json"]) {
      expect(existsSync(join(world.paths.binDir, name))).toBe(false);
    }
    expect(existsSync(world.plistPath)).toBe(false);
    expect(existsSync(dirname(world.plistPath))).toBe(true);
    expect(readFileSync(world.paths.settings, "utf8")).toBe("{}");
  });

  it("works from inside the helper itself, which is ended in the middle of it and does not come back", async () => {
    const uninstall = fileURLToPath(new URL("../../../helper/control/uninstall-agent.ts", import.meta.url));
    const signal = join(world.fake.dir, "extension-gone");
    const code = `import { existsSync } from "node:fs";
      if (process.argv.includes("--version")) process.exit(0);
      import { uninstallAgent } from ${JSON.stringify(uninstall)};
      process.on("SIGTERM", () => process.exit(0));
      const timer = setInterval(() => {
        if (!existsSync(${JSON.stringify(signal)})) return;
        clearInterval(timer);
        void uninstallAgent(${JSON.stringify({ paths: world.paths, platform: "linux" })});
      }, 20);`;
    writeFileSync(world.bundlePath, code);
    expect(await install()).toMatchObject({ running: true });
    writeFileSync(signal, "");
    while (world.fake.job(agentLabel)) await world.options.sleep(10);
    expect(await state()).toMatchObject({ installed: false, loaded: false });
    expect(existsSync(world.plistPath)).toBe(false);
  });

  it("is done where there is nothing, and where there is no GUI session", async () => {
    await uninstallAgent(world.options);
    expect(world.launchctlCalls()).toEqual(["bootout"]);
    world.fake.set({ domain: "missing" });
    await expect(uninstallAgent(world.options)).resolves.toBeUndefined();
  });

  it("does not claim that it is off while launchd still has it", async () => {
    await install();
    world.fake.set({ drain: "held" });
    let nowMs = Date.now();
    const now = () => (nowMs += 10_000);
    await expect(uninstallAgent({ ...world.options, now })).rejects.toMatchObject({ code: "agent-not-stopped" });
  });
});
