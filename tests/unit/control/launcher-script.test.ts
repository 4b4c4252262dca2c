import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { launcherScript } from "../../../helper/control/launcher-script.ts";
import { compareNodeVersions, parseNodeVersion } from "../../../helper/control/node-version.ts";
import { resolveNode } from "../../../helper/control/resolve-node.ts";
import { runTool } from "../../../helper/macos-tools/run-tool.ts";

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'it\'s a "home" ')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const raycast = (version: string) =>
  join(home, `Library/Application Support/com.raycast.macos/NodeJS/runtime/${version}/bin/node`);
const beta = (version: string) =>
  join(home, `Library/Application Support/com.raycast-x.macos/runtimes/node-${version}/bin/node`);
const homebrew = () => join(home, "homebrew/bin/node");
const onPath = () => join(home, "path/node");

/** A program that says which version it is, and otherwise which Node it is and what it was told to run. */
function placeNode(path: string, version: string): string {
  mkdirSync(dirname(path), { recursive: true });
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo '${version}'; else printf '%s\\n' "$0" "$@"; fi\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

function writeLauncher(nodePath: string): string {
  const path = join(home, "photolala");
  const bundlePath = join(home, "helper.mjs");
  const compileCachePath = join(home, "compile cache");
  writeFileSync(path, launcherScript({ bundlePath, compileCachePath, nodePath, homebrewPaths: [homebrew()] }), {
    mode: 0o755,
  });
  return path;
}

const childEnv = () => ({ HOME: home, PATH: `${join(home, "path")}:/usr/bin:/bin` });

/** Which Node the launcher became, and what it passed on. */
async function launch(recorded: string, args: string[] = []) {
  const { stdout, stderr, exitCode } = await runTool(writeLauncher(recorded), { args, childEnv: childEnv() });
  const [node, bundle, ...passed] = stdout.trimEnd().split("\n");
  return { node, bundle, passed, stderr, exitCode };
}

function resolve(recordedPath?: string, execPath = "/Applications/Raycast Helper (Extensions)"): Promise<string> {
  const env = { PATH: join(home, "path") };
  return resolveNode({ recordedPath, execPath, env, homeDir: home, homebrewPaths: [homebrew()] });
}

/** Each case: the Nodes there are, and the one to be chosen, by the launcher and by the commands alike. */
const cases: [string, () => { recorded: string; chosen: string }][] = [
  [
    "the recorded one first",
    () => {
      placeNode(raycast("24.1.0"), "v24.1.0");
      const recorded = placeNode(join(home, "own node"), "v22.1.0");
      return { recorded, chosen: recorded };
    },
  ],
  [
    "Raycast's newest by number, not by letter: 22.22.2 over 22.9.0",
    () => {
      placeNode(raycast("22.9.0"), "v22.9.0");
      const chosen = placeNode(raycast("22.22.2"), "v22.22.2");
      placeNode(raycast("22.14.0"), "v22.14.0");
      placeNode(homebrew(), "v25.0.0");
      return { recorded: raycast("22.8.0"), chosen };
    },
  ],
  [
    "the Beta's, whose layout is another",
    () => {
      placeNode(raycast("20.1.0"), "v20.1.0");
      return { recorded: "/gone/node", chosen: placeNode(beta("22.30.1"), "v22.30.1") };
    },
  ],
  ["Homebrew's where Raycast has none", () => ({ recorded: "/gone/node", chosen: placeNode(homebrew(), "v22.0.0") })],
  ["one on PATH at last", () => ({ recorded: "/gone/node", chosen: placeNode(onPath(), "v23.4.5-nightly") })],
  [
    "none that is too old, broken or a folder",
    () => {
      const recorded = placeNode(join(home, "old"), "v20.19.0");
      placeNode(raycast("22.1.0"), "Segmentation fault");
      mkdirSync(homebrew(), { recursive: true });
      return { recorded, chosen: placeNode(onPath(), "v22.0.0") };
    },
  ],
];

describe("which Node is taken", () => {
  it.each(cases)("by the launcher: %s", async (_name, prepare) => {
    const { recorded, chosen } = prepare();
    expect(await launch(recorded)).toMatchObject({ node: chosen, bundle: join(home, "helper.mjs"), exitCode: 0 });
  });

  it.each(cases)("by the commands: %s", async (_name, prepare) => {
    const { recorded, chosen } = prepare();
    expect(await resolve(recorded)).toBe(chosen);
  });

  it("by the commands: this process's own where it is a Node, and never Raycast's helper process", async () => {
    const own = placeNode(join(home, "own/bin/node"), "v22.5.0");
    const found = placeNode(onPath(), "v22.0.0");
    const host = placeNode(join(home, "Raycast Helper (Extensions)"), "v22.22.2");
    expect(await resolve(undefined, own)).toBe(own);
    expect(await resolve(undefined, host)).toBe(found);
  });

  it("none: says what to do, and fails so that launchd tries again", async () => {
    const result = await runTool(writeLauncher("/gone/node"), {
      args: ["run"],
      childEnv: { HOME: home, PATH: "/bin/none" },
    });
    expect(result).toMatchObject({
      exitCode: 69,
      stdout: "",
      stderr: "Photolala found no Node 22 or newer. Open Raycast once, or install Node.\n",
    });
    await expect(resolve()).rejects.toMatchObject({ code: "helper-failed" });
  });
});

describe("the launcher", () => {
  it("passes every argument on as it is, from any folder and through a link", async () => {
    const node = placeNode(join(home, "node"), "v22.1.0");
    const args = ["backup", "/a folder/it's", "", "$(id)", "*"];
    expect((await launch(node, args)).passed).toEqual(args);
    const link = join(home, "link");
    symlinkSync(writeLauncher(node), link);
    const { stdout } = await runTool(link, { args: ["status"], childEnv: childEnv() });
    expect(stdout).toBe(`${node}\n${join(home, "helper.mjs")}\nstatus\n`);
  });

  it("becomes the helper, so that launchd's signals and exit codes are the helper's own", async () => {
    writeFileSync(
      join(home, "helper.mjs"),
      "process.exitCode = 4; process.kill(process.pid, 'SIGTERM'); setInterval(() => 0);",
    );
    const result = await runTool(writeLauncher(process.execPath), { args: [], childEnv: childEnv() });
    expect(result.exitCode).toBeUndefined();
  });
});

describe("what Node makes of the bundle", () => {
  it("is kept beside it for the next start", async () => {
    writeFileSync(join(home, "helper.mjs"), "console.log(process.argv[2]);");
    for (const word of ["first", "second"]) {
      const { stdout } = await runTool(writeLauncher(process.execPath), { args: [word], childEnv: childEnv() });
      expect(stdout).toBe(`${word}\n`);
    }
    expect(readdirSync(join(home, "compile cache"), { recursive: true })).not.toEqual([]);
  });
});

describe("Node's versions", () => {
  it.each([
    ["22.9.0", "22.22.2"],
    ["9.9.9", "10.0.0"],
    ["22.22.2", "22.22.10"],
  ])("%s comes before %s", (older, newer) => {
    const [a, b] = [parseNodeVersion(older), parseNodeVersion(`v${newer}`)];
    expect(a && b && compareNodeVersions(a, b)).toBeLessThan(0);
  });

  it.each(["", "v22", "node v22.1.0"])("%j is none", (text) => expect(parseNodeVersion(text)).toBeUndefined());
});
