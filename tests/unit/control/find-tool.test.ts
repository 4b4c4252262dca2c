import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTool } from "../../../helper/macos-tools/find-tool.ts";
import { scrubbedEnvironment } from "../../../helper/macos-tools/scrubbed-environment.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "find-tool-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function place(mode: number): string {
  const path = join(dir, "security");
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, mode);
  return path;
}

describe("macOS's tools", () => {
  it("invariant 9: on a Mac it is the system's own, whatever stands in front of it on PATH", () => {
    place(0o755);
    expect(findTool("security", { platform: "darwin", env: { PATH: dir } })).toBe("/usr/bin/security");
    expect(findTool("launchctl", { platform: "darwin", env: {} })).toBe("/bin/launchctl");
  });

  it("elsewhere are looked for on PATH, as programs in absolute folders", () => {
    const env = { PATH: `relative::/nonexistent:${dir}` };
    expect(findTool("security", { platform: "linux", env })).toBeUndefined();
    const path = place(0o644);
    // Root may run anything that anyone may run, so a file nobody may run is the fair test.
    expect(findTool("security", { platform: "linux", env })).toBeUndefined();
    chmodSync(path, 0o755);
    expect(findTool("security", { platform: "linux", env })).toBe(path);
    rmSync(path);
    mkdirSync(path);
    expect(findTool("security", { platform: "linux", env })).toBeUndefined();
  });

  it("are a test's own on every system, and never the real ones beside them", () => {
    const env = { PHOTOLALA_TOOLS_DIR: dir, PATH: "/usr/bin" };
    expect(findTool("security", { platform: "darwin", env })).toBeUndefined();
    const path = place(0o755);
    expect(findTool("security", { platform: "darwin", env })).toBe(path);
  });
});

describe("a child's environment", () => {
  it("invariant 9: has none of the person's credentials in it", () => {
    const env = {
      HOME: "/h",
      AWS_SECRET_ACCESS_KEY: "secret",
      FAKE_MACOS_DIR: "/f",
      PHOTOLALA_STATE_DIR: "/s",
      PATH: "/p",
    };
    const left = { HOME: "/h", FAKE_MACOS_DIR: "/f", PHOTOLALA_STATE_DIR: "/s" };
    expect(scrubbedEnvironment(env, "linux")).toEqual({ ...left, PATH: "/p" });
    expect(scrubbedEnvironment(env, "darwin")).toEqual({ ...left, PATH: "/usr/bin:/bin:/usr/sbin:/sbin" });
  });
});
