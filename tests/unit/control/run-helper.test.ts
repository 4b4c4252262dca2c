import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runHelper } from "../../../helper/control/run-helper.ts";

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "run-helper-")));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A helper that does what the test writes. */
function helper(body: string): string {
  const path = join(dir, "helper.mjs");
  writeFileSync(path, body);
  return path;
}

const nodePath = process.execPath;

describe("asking the helper", () => {
  it("adds --json, hands a secret over on standard input only, and gives back the answer", async () => {
    const helperBundlePath = helper(`
      let input = "";
      for await (const chunk of process.stdin) input += chunk;
      console.error("words");
      console.log(JSON.stringify({ argv: process.argv.slice(2), input }, undefined, 2));
      process.exitCode = 3;`);
    const answer = await runHelper({ helperBundlePath, nodePath, args: ["credentials", "set"], stdin: "s3cret" });
    expect(answer).toEqual({
      exitCode: 3,
      json: { argv: ["credentials", "set", "--json"], input: "s3cret" },
      stderr: "words\n",
    });
  });

  it("gives it what it needs of the environment and nothing else", async () => {
    const helperBundlePath = helper("console.log(JSON.stringify(process.env))");
    const kept = {
      HOME: "/home/x",
      TMPDIR: "/tmp",
      AWS_PROFILE: "work",
      PHOTOLALA_STATE_DIR: "/s",
      XDG_STATE_HOME: "/x",
    };
    const dropped = {
      NODE_OPTIONS: "--throw-deprecation",
      NODE_PATH: "/n",
      RAYCAST_X: "1",
      USER: "u",
      NODE_ENV: "production",
    };
    const env = { ...kept, ...dropped, PATH: "/own/bin" };
    const onLinux = await runHelper({ helperBundlePath, nodePath, args: [], env, platform: "linux" });
    expect(onLinux.json).toEqual({ ...kept, PATH: "/own/bin" });
    const onMac = await runHelper({ helperBundlePath, nodePath, args: [], env, platform: "darwin" });
    expect(onMac.json).toEqual({ ...kept, PATH: "/usr/bin:/bin:/usr/sbin:/sbin" });
  });

  it.each([
    ["words instead of JSON", "console.log('Done.')", "it ended with exit code 0"],
    [
      "nothing, with last words",
      "console.error('first'); console.error('no such bucket'); process.exitCode = 4",
      "no such bucket",
    ],
    ["two objects", "console.log('{}'); console.log('{}')", "it ended with exit code 0"],
    ["something that is no object", "console.log('1')", "it ended with exit code 0"],
    ["a signal", "process.kill(process.pid, 'SIGKILL')", "it was ended by a signal"],
  ])("refuses an answer that is %s", async (_name, body, detail) => {
    const asked = runHelper({ helperBundlePath: helper(body), nodePath, args: [] });
    await expect(asked).rejects.toMatchObject({ code: "helper-failed", detail });
  });

  it("gives up, and ends the helper, when it takes too long", async () => {
    const helperBundlePath = helper("setInterval(() => 0, 1000)");
    const asked = runHelper({ helperBundlePath, nodePath, args: [], timeoutMs: 200 });
    await expect(asked).rejects.toMatchObject({ code: "helper-failed", detail: "no answer within 0 s" });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const helperBundlePath = helper("setInterval(() => 0, 1000)");
    const asked = runHelper({ helperBundlePath, nodePath, args: [], signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  });

  it("says so when there is nothing to run", async () => {
    const asked = runHelper({ helperBundlePath: helper(""), nodePath: join(dir, "none"), args: [] });
    await expect(asked).rejects.toMatchObject({ code: "helper-failed", detail: "it could not be started" });
    const missing = runHelper({ helperBundlePath: join(dir, "none.mjs"), nodePath, args: [] });
    await expect(missing).rejects.toMatchObject({ code: "helper-failed" });
  });
});
