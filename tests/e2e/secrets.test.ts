import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { Ended, HelperProcess } from "../support/helper-process/helper-process.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { until } from "../support/helper-process/until.ts";
import type { FaultRequest } from "../support/loopback-s3/faults.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { filesUnder } from "../support/state/temp-state.ts";

const wrongSecret = "wr0ngSecretThatNobodyMayEverSee+/=1234567";

let server: E2eServer;
let loopback: LoopbackS3;
let world: HelperWorld;

beforeEach(async () => {
  ({ server, loopback } = await startLoopback());
  await server.createBucket("photos-of-mine");
  world = await HelperWorld.create({ server, bucket: "photos-of-mine" });
});

afterEach(() => server.close());

/** The ways in which a secret may be written down. */
function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [secret, encodeURIComponent(secret), base64, Buffer.from(secret).toString("hex"), secret.slice(4, 24)];
}

/** Where a secret is found: our files of state and logs, the home folder, and what was printed. */
function placesOf(secrets: string[], runs: Ended[]): string[] {
  const wanted = secrets.flatMap(spellings);
  const holds = (text: string) => wanted.some((spelling) => text.includes(spelling));
  const folders = [world.paths.stateDir, world.paths.logDir, world.env.HOME as string].filter((dir) => existsSync(dir));
  const files = folders.flatMap((folder) => filesUnder(folder).map((name) => join(folder, name)));
  const printed = runs
    .filter(({ stdout, stderr }) => holds(stdout + stderr))
    .map((run) => `printed: ${run.stdout}${run.stderr}`);
  return [...files.filter((file) => holds(readFileSync(file, "latin1"))), ...printed];
}

const troubles: [string, FaultRequest | undefined, Record<string, string>][] = [
  ["goes well", undefined, {}],
  ["is refused", undefined, { AWS_SECRET_ACCESS_KEY: wrongSecret }],
  ["is denied", { kind: "status", status: 403, code: "AccessDenied", times: Infinity }, {}],
  ["meets HTML", { kind: "html-answer", times: Infinity }, {}],
  [
    "meets an error nobody knows",
    { kind: "status", status: 418, code: "Teapot", match: { operation: "PutObject", keyPattern: ".jpg" } },
    {},
  ],
  ["meets cut connections", { kind: "cut-before-store", match: { operation: "PutObject", keyPattern: ".jpg" } }, {}],
  ["has no network", undefined, { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }],
  ["has an endpoint with a password in it", undefined, { AWS_ENDPOINT_URL: `https://me:${wrongSecret}@example.com` }],
  ["has an endpoint with a secret in its path", undefined, { AWS_ENDPOINT_URL: `https://example.com/${wrongSecret}` }],
  ["has a broken endpoint", undefined, { AWS_ENDPOINT_URL: `https://${wrongSecret} ` }],
];

describe("invariant 9: a secret is nowhere but in memory", () => {
  it.each(troubles)("when a backup %s", async (_, fault, env) => {
    await world.addPhotos(2);
    if (fault) loopback.faults.add(fault);
    const runs = [
      await world.run([...world.backUpArgs, "--patience", "0"], { env }),
      await world.run(["backup", world.photosDir, ...world.destination, "--consent", "--patience", "0"], { env }),
      await world.run(["status"], { env }),
      await world.run(["failures"], { env }),
      await world.run(["buckets"], { env }),
      await world.run(["credentials", "test"], { env }),
    ];
    expect(placesOf([server.secretAccessKey, wrongSecret], runs)).toEqual([]);
  });

  it.each([
    ["whole", { accessKeyId: "AKIAEXAMPLE", secretAccessKey: wrongSecret }],
    ["without its id", { secretAccessKey: wrongSecret }],
    ["as plain text", wrongSecret],
  ])("when a key is handed over %s where there is no Keychain", async (_, given) => {
    const stdin = typeof given === "string" ? given : JSON.stringify(given);
    const runs = [
      await world.run(["credentials", "set"], { stdin }),
      await world.run(["credentials", "set", "--json"], { stdin }),
    ];
    for (const { code } of runs) expect(code).not.toBe(0);
    expect(placesOf([wrongSecret], runs)).toEqual([]);
  });

  it("while and after the daemon runs: not in its files, and in no command line", async () => {
    await world.addPhotos(2);
    await world.setUp();
    const stall = loopback.faults.add({ kind: "stall", match: { operation: "PutObject", keyPattern: ".jpg" } });
    const daemon = world.start(["run"]);
    await stall.whenFired;
    for (const line of commandLines(daemon)) expect(line).not.toContain(server.secretAccessKey);
    const killed = await daemon.kill("SIGKILL");
    expect(placesOf([server.secretAccessKey], [killed])).toEqual([]);

    const second = world.start(["run"]);
    await until(() => world.status?.lastBackup);
    const ended = await second.kill("SIGTERM");
    expect(placesOf([server.secretAccessKey], [ended])).toEqual([]);
    expect(filesUnder(world.paths.logDir)).not.toEqual([]);
  });
});

/** The command lines of the helper and its children; on Linux, where they can be read as files. */
function commandLines({ pid }: HelperProcess): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    try {
      const isOurs = name === String(pid) || readFileSync(`/proc/${name}/stat`, "utf8").includes(` ${pid} `);
      return isOurs ? [readFileSync(`/proc/${name}/cmdline`, "utf8")] : [];
    } catch {
      return [];
    }
  });
}
