import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BackupSession } from "../../helper/session/backup-session.ts";
import { destinationId } from "../../helper/state/files/destination-id.ts";
import { openUploadIntents } from "../../helper/state/files/open-upload-intents.ts";
import { daemonBench } from "../support/engine/daemon-bench.ts";

const mebibyte = 1024 * 1024;
const largeFiles = { cutoffBytes: 6 * mebibyte, partBytes: 5 * mebibyte, partsMost: 10_000 };

/** A daemon whose photo is on its way to the first bucket, slowly, when the person chooses the second. */
async function switchWhile(operation: "PutObject" | "UploadPart", photoBytes: number) {
  const bench = await daemonBench();
  writeFileSync(join(bench.photos, "a.jpg"), Buffer.alloc(photoBytes, "one photo, and no zeros "));
  writeFileSync(join(bench.photos, "b.jpg"), Buffer.alloc(photoBytes, "another photo "));
  await bench.agree("first");
  await bench.choose();
  const slow = bench.s3.faults.add({
    kind: "slow",
    bytesPerSecond: photoBytes,
    match: { operation, keyPattern: ".jpg" },
  });
  const opened: string[] = [];
  const daemon = await bench.start({
    openSession: async (options) => {
      opened.push(options.destination.bucket);
      const session = await BackupSession.open({ ...options, largeFiles });
      const close = session.close.bind(session);
      session.close = async () => {
        await close();
        opened.push(`closed ${options.destination.bucket}`);
      };
      return session;
    },
  });
  const isDoneWith = (wanted: string) =>
    bench.statusThat(
      ({ counts, destination, activity }) =>
        counts.backedUp === 2 && destination?.bucket === wanted && activity === "idle",
    );
  const { s3, paths } = bench;
  const place = (bucket: string) => ({ endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" });
  await slow.whenFired;
  await bench.agree("second");
  await isDoneWith("second");
  return {
    ...{ bench, daemon, opened, isDoneWith },
    /** Keys of the photos in a bucket. */
    photosIn: (bucket: string) =>
      s3
        .objects(bucket)
        .map(({ key }) => key)
        .filter((key) => key.endsWith(".jpg")),
    /** Keys that a destination's ledger has, parked or in use. */
    recordedOf: (bucket: string, where: "parked" | "in use") => {
      const parked = join(paths.parkedLedgersDir, `${destinationId(place(bucket))}.json`);
      const { files } = JSON.parse(readFileSync(where === "parked" ? parked : paths.ledger, "utf8")) as {
        files: Record<string, { s3Key: string }>;
      };
      return Object.values(files)
        .map(({ s3Key }) => s3Key)
        .sort();
    },
    intentsOf: async (bucket: string) => (await openUploadIntents(paths, place(bucket))).all(),
    asked: (operation: string, bucket: string) =>
      s3.requests.filter((request) => request.operation === operation && request.bucket === bucket).length,
  };
}

it("invariant 1: a photo on the wire when the destination changes is finished, and recorded where it went", async () => {
  const { daemon, opened, photosIn, recordedOf } = await switchWhile("PutObject", 4_000);
  await daemon.end();
  // One after the other: the first session has finished its photo and is closed before the second reads a file.
  expect(opened).toEqual(["first", "closed first", "second", "closed second"]);
  expect(photosIn("first").length).toBeGreaterThan(0);
  expect(recordedOf("first", "parked")).toEqual(photosIn("first"));
  expect(photosIn("second")).toHaveLength(2);
  expect(recordedOf("second", "in use")).toEqual(photosIn("second"));
}, 60_000);

it("invariant 6: an upload in parts that a change of the destination stops is noted through the other's, and goes on after", async () => {
  const switched = await switchWhile("UploadPart", 12 * mebibyte);
  const { bench, daemon, opened, photosIn, recordedOf, intentsOf, asked, isDoneWith } = switched;
  expect(opened).toEqual(["first", "closed first", "second"]);
  expect(photosIn("first")).toEqual([]);
  expect(recordedOf("first", "parked")).toEqual([]);
  expect(recordedOf("second", "in use")).toEqual(photosIn("second"));
  expect(await intentsOf("second")).toEqual([]);
  expect(await intentsOf("first")).toMatchObject([{ uploadId: expect.any(String) }]);

  await bench.agree("first");
  await isDoneWith("first");
  await daemon.end();
  expect(photosIn("first")).toHaveLength(2);
  expect(recordedOf("first", "in use")).toEqual(photosIn("first"));
  expect(await intentsOf("first")).toEqual([]);
  // Begun once each, and no part was sent a second time.
  expect([asked("CreateMultipartUpload", "first"), asked("AbortMultipartUpload", "first")]).toEqual([2, 0]);
  expect(asked("UploadPart", "first")).toBe(2 * 3);
}, 60_000);
