import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { helperBundle } from "../support/helper-process/helper-bundle.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";

let server: E2eServer;
let loopback: LoopbackS3;

beforeAll(async () => {
  ({ server, loopback } = await startLoopback());
});

afterAll(() => server.close());

async function newWorld(bucket: string) {
  await server.createBucket(bucket);
  const world = await HelperWorld.create({ server, bucket });
  return { world, files: await world.addPhotos(3), bundle: await helperBundle() };
}

it.each(["stdout", "stderr", "both"])("a reader of %s who has gone ends no backup and is no error", async (closed) => {
  const { world, files, bundle } = await newWorld(`gone-${closed}`);
  // An outage makes it write to standard error in the middle of the run.
  loopback.faults.add({ kind: "status", status: 503, match: { operation: "PutObject", keyPattern: ".jpg", nth: 2 } });
  const child = spawn(process.execPath, [bundle, ...world.backUpArgs], { env: world.env, cwd: world.dir });
  let words = "";
  if (closed !== "stderr") child.stdout.destroy();
  if (closed === "stdout") child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
  else child.stderr.destroy();
  child.stdout.resume();
  await once(child, "exit");
  expect({ code: child.exitCode, signal: child.signalCode }).toEqual({ code: 0, signal: null });
  expect(words).not.toMatch(/EPIPE|at .*helper/);
  loopback.faults.assertAllFired();
  loopback.faults.clear();
  expect(await proveBackup(server, world, files)).toEqual(provenWhole);
});

it("a full disk behind standard output is told, and is never a 0", async () => {
  const { world, files, bundle } = await newWorld("full-output");
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [bundle, ...world.backUpArgs], {
    env: world.env,
    cwd: world.dir,
    stdio: ["ignore", full, "pipe"],
  });
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
  await once(child, "close");
  expect(child.exitCode).toBe(4);
  expect(words).toContain("could not be printed here (ENOSPC). What was done stands");
  expect(words).not.toMatch(/\n\s+at /);
  expect(await proveBackup(server, world, files)).toEqual(provenWhole);
});
