import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findRealServers } from "../../support/servers/find-real-servers.ts";
import { startGuardedProcess } from "../../support/servers/start-guarded-process.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "photolala-servers-test-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("findRealServers", () => {
  const binary = (name: string): string => {
    const path = join(dir, name);
    writeFileSync(path, "#!/bin/sh\n");
    chmodSync(path, 0o755);
    return path;
  };

  it("finds binaries in the folder it is told, and says which are missing", () => {
    const path = binary("minio");
    const env = { PHOTOLALA_TEST_BIN: dir, PATH: "", HOME: dir };
    const servers = findRealServers(env);
    expect([...servers.found]).toEqual([["minio", path]]);
    expect(servers).toMatchObject({ missing: ["versitygw", "rclone"], requiredButMissing: [] });
  });

  it("demands what PHOTOLALA_REQUIRE_SERVERS names, and refuses names it doesn't know", () => {
    binary("versitygw");
    const env = { PATH: dir, HOME: dir, PHOTOLALA_REQUIRE_SERVERS: "minio, versitygw" };
    expect(findRealServers(env).requiredButMissing).toEqual(["minio"]);
    expect(() => findRealServers({ ...env, PHOTOLALA_REQUIRE_SERVERS: "mino" })).toThrow(/"mino"/);
  });
});

describe("startGuardedProcess", () => {
  it("ends the process and removes its folder on close", async () => {
    const child = startGuardedProcess({ command: ["sleep", "600"], env: { PATH: process.env.PATH }, dir });
    expect(child.hasEnded).toBe(false);
    await child.close();
    expect(existsSync(dir)).toBe(false);
  });

  it("tells what a process wrote that ended by itself", async () => {
    const command = ["sh", "-c", "echo address already in use >&2; exit 1"];
    const child = startGuardedProcess({ command, env: { PATH: process.env.PATH }, dir });
    expect(await child.ended).toMatch(/address already in use/);
    expect(existsSync(dir)).toBe(false);
  });

  it("does the same when the process that started it is killed", async () => {
    const module = new URL("../../support/servers/start-guarded-process.ts", import.meta.url).href;
    const script = `
      const { startGuardedProcess } = await import(${JSON.stringify(module)});
      const command = ["sh", "-c", "echo $$ > ${dir}/pid; exec sleep 600"];
      startGuardedProcess({ command, env: process.env, dir: ${JSON.stringify(dir)} });
      process.stdout.write("started");
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(parent.stdout, "data");
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await expect.poll(() => existsSync(dir)).toBe(false);
  });
});
