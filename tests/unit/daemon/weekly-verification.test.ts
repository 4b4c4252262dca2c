import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { expect, test } from "vitest";
import { verifyEveryMs, WeeklyVerification } from "../../../helper/daemon/weekly-verification.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { emptySettings } from "../../../helper/state/files/settings.ts";
import { readVerification } from "../../../helper/state/files/verification-store.ts";
import { writeRequest } from "../../../helper/state/files/request-store.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import type { BackupSession } from "../../../helper/session/backup-session.ts";
import { bucket, engineBench } from "../../support/engine/engine-bench.ts";
import { flipBit } from "../../support/engine/verify-bench.ts";
import { tempState } from "../../support/state/temp-state.ts";

const hourMs = 3_600_000;
const key = "photos/Pictures/a.jpg";
const goneSince = "2026-01-01T00:00:00.000Z";

async function weekly(lookAtCatalogue: BackupSession["lookAtCatalogue"] = async () => undefined) {
  const bench = await engineBench();
  bench.store.conditionalWrites = "honored";
  bench.photo("a.jpg");
  bench.photo("b.jpg");
  await bench.run();
  const paths = await tempState();
  const { destination, s3, clock, ledger } = bench;
  const settings = { ...emptySettings, destination };
  const told: string[] = [];
  const logged: string[] = [];
  const verification = new WeeklyVerification({
    context: {
      paths,
      now: () => clock.now(),
      interrupted: bench.stopping.signal,
      parts: {
        openStore: async (at) => new S3ObjectStore({ destination: at, credentials: async () => s3.credentials }),
        listBuckets: async () => [],
        probeBucket: () => Promise.reject(new Error("not in this test")),
        runDaemon: async () => 0,
      },
    },
    log: pino({}, { write: (line: string) => void logged.push(line) }),
    notifier: { notify: async ({ title }) => void told.push(title), settle: async () => undefined },
    openSession: async () => ({ ledger, lookAtCatalogue }),
  });
  /** Steps until there is nothing to do. */
  const run = async () => {
    const outcomes: string[] = [];
    do outcomes.push(await verification.step(settings));
    while (outcomes.at(-1) !== "idle");
    return outcomes;
  };
  const proof = () => readVerification(paths, destination);
  const requestsOf = (operation: string) => s3.requests.filter((request) => request.operation === operation).length;
  return { ...bench, bench, paths, settings, verification, run, proof, told, logged, requestsOf };
}

test("comes an hour after the start, then every week, by listing and without reading a byte", async () => {
  const { clock, run, proof, requestsOf } = await weekly();
  expect(await run()).toEqual(["idle"]);
  clock.advance(hourMs);
  expect(await run()).toContain("busy");
  expect((await proof())?.presence).toMatchObject({ method: "listing", objects: 2, present: 2, photos: 2 });
  const listings = requestsOf("ListObjectsV2");
  clock.advance(verifyEveryMs - hourMs);
  expect(await run()).toEqual(["idle"]);
  clock.advance(hourMs);
  expect(await run()).toContain("busy");
  expect(requestsOf("ListObjectsV2")).toBe(listings + 1);
  expect(requestsOf("GetObject")).toBe(0);
});

test("a clock that was set back by years does not put it off", async () => {
  const { clock, run, proof } = await weekly();
  clock.advance(hourMs);
  await run();
  clock.advance(-10 * 365 * 24 * hourMs);
  expect(await run()).toContain("busy");
  expect(Date.parse((await proof())?.presence?.at ?? "")).toBe(clock.now());
});

test("finds what is lost, has it sent again, and tells it in one notification without a name in the log", async () => {
  const { bench, clock, run, proof, told, logged, s3, ledger } = await weekly();
  s3.deleteObjectDirectly(bucket, key);
  s3.putObjectDirectly(bucket, "photos/Pictures/b.jpg", "something else, and longer");
  clock.advance(hourMs);
  expect(await run()).toContain("lost");
  expect((await proof())?.presence).toMatchObject({ present: 0, missing: 1, changed: 1 });
  expect(told).toEqual(["2 photos are no longer in the bucket as uploaded"]);
  expect(logged.join("")).not.toMatch(/\.jpg|Pictures/);
  expect(await bench.run()).toMatchObject({ uploaded: 2, failed: 0 });
  expect([...ledger.entries()].filter(([, entry]) => "goneSince" in entry)).toEqual([]);
  clock.advance(verifyEveryMs + hourMs);
  await run();
  expect((await proof())?.presence).toMatchObject({ present: 2, missing: 0, changed: 0 });
  expect(told).toHaveLength(1);
});

test("one that could not be finished is no proof, and is tried again in an hour", async () => {
  const { clock, run, proof, s3 } = await weekly();
  s3.faults.add({ kind: "status", status: 403, code: "InvalidAccessKeyId" });
  clock.advance(hourMs);
  expect(await run()).toEqual(["idle"]);
  expect(await proof()).toBeUndefined();
  clock.advance(hourMs - 1);
  expect(await run()).toEqual(["idle"]);
  clock.advance(1);
  expect(await run()).toContain("busy");
  expect((await proof())?.presence).toMatchObject({ present: 2 });
  s3.faults.assertAllFired();
});

test("a backup in between loses it nothing: a step is one page", async () => {
  const { bench, clock, verification, settings, run, proof } = await weekly();
  clock.advance(hourMs);
  expect(await verification.step(settings)).toBe("busy");
  expect(await proof()).toBeUndefined();
  bench.photo("c.jpg");
  await bench.run();
  await run();
  expect((await proof())?.presence).toMatchObject({ objects: 2, present: 2 });
});

test("what is lost is told and sent again although the proof cannot be kept", async () => {
  const { paths, destination, clock, run, proof, told, s3 } = await weekly();
  mkdirSync(join(paths.stateDir, "verification", `${destinationId(destination)}.json`), { recursive: true });
  s3.deleteObjectDirectly(bucket, key);
  clock.advance(hourMs);
  expect(await run()).toContain("lost");
  expect(told).toEqual(["1 photo is no longer in the bucket as uploaded"]);
  expect(await proof()).toBeUndefined();
});

test("another destination is another verification", async () => {
  const { clock, verification, settings, proof } = await weekly();
  clock.advance(hourMs);
  await verification.step(settings);
  const elsewhere = { ...settings, destination: { ...settings.destination, bucket: "gone" } };
  expect(await verification.step(elsewhere)).toBe("idle");
  expect(await proof()).toBeUndefined();
});

test("looks at once at what a command found, byte by byte, and makes no proof of the whole of it", async () => {
  const { bench, paths, run, proof, requestsOf, ledger } = await weekly();
  flipBit(bench, bucket, key);
  const path = [...ledger.entries()].find(([, entry]) => entry.s3Key === key)?.[0] as string;
  await writeRequest(paths, { kind: "verify", paths: [path] });
  expect(await run()).toContain("lost");
  expect(requestsOf("GetObject")).toBe(2);
  expect(await proof()).toBeUndefined();
  expect(readdirSync(paths.requestsDir)).toEqual([]);
  expect(ledger.get(path)).toMatchObject({ goneSince: expect.any(String), changedKeys: [key] });
});

test("verifies the whole backup at once when asked", async () => {
  const { paths, run, proof } = await weekly();
  await writeRequest(paths, { kind: "verify" });
  expect(await run()).toContain("busy");
  expect((await proof())?.presence).toMatchObject({ present: 2 });
  expect(readdirSync(paths.requestsDir)).toEqual([]);
});

test("a photo that came back to the bucket by itself is whole again, and one that is still gone is not", async () => {
  const { clock, run, s3, ledger } = await weekly();
  const marked = () => [...ledger.entries()].filter(([, entry]) => "goneSince" in entry).map(([, { s3Key }]) => s3Key);
  const [body, details] = [await s3.readObject(bucket, key), { ...s3.object(bucket, key), withChecksum: true }];
  const other = "photos/Pictures/b.jpg";
  for (const gone of [key, other]) s3.deleteObjectDirectly(bucket, gone);
  clock.advance(hourMs);
  expect(await run()).toContain("lost");
  expect(marked()).toEqual([key, other]);
  s3.putObjectDirectly(bucket, key, body, details);
  clock.advance(verifyEveryMs + hourMs);
  await run();
  expect(marked()).toEqual([other]);
});

test("invariant 1: a sample of HEADs takes the mark from no photo, since it may not have asked for it", async () => {
  const { clock, run, proof, s3, ledger } = await weekly();
  const [path, entry] = [...ledger.entries()][0]!;
  // One more than are asked for in a week.
  for (let at = 0; at < 999; at += 1) ledger.put(`${path}.${at}`, { ...entry, s3Key: `photos/gone/${at}.jpg` });
  for (const [marked, found] of [...ledger.entries()]) ledger.put(marked, { ...found, goneSince });
  s3.accessKeys[0]!.deniedActions = ["s3:ListBucket"];
  clock.advance(hourMs);
  await run();
  expect((await proof())?.presence).toMatchObject({ method: "sample" });
  expect([...ledger.entries()].every(([, found]) => "goneSince" in found)).toBe(true);
});

test("the catalogue is looked at once a week, and not for a question about some photos", async () => {
  let looks = 0;
  const { paths, clock, run, ledger } = await weekly(async () => {
    looks += 1;
    return { pieces: 1, missing: 0 };
  });
  await writeRequest(paths, { kind: "verify", paths: [[...ledger.paths()][0] as string] });
  await run();
  expect(looks).toBe(0);
  clock.advance(hourMs);
  await run();
  expect(looks).toBe(1);
});

test("tells nothing to a person who wants no notifications", async () => {
  const { settings, verification, told, s3, clock } = await weekly();
  s3.deleteObjectDirectly(bucket, key);
  clock.advance(hourMs);
  for (let outcome = ""; outcome !== "idle";) outcome = await verification.step({ ...settings, notifications: false });
  expect(told).toEqual([]);
});

test("invariant 11: lost objects of the catalogue call for a run, and trouble with it takes nothing from the photos' proof", async () => {
  const gone = await weekly(async () => ({ pieces: 2, missing: 1 }));
  gone.clock.advance(hourMs);
  expect(await gone.run()).toContain("lost");
  const troubled = await weekly(() => Promise.reject(new Error("a page of a hotel")));
  troubled.clock.advance(hourMs);
  expect(await troubled.run()).not.toContain("lost");
  expect((await troubled.proof())?.presence).toMatchObject({ present: 2 });
});
