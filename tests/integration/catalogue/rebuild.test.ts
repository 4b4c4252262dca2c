import { gzipSync } from "node:zlib";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { sessionBench, sessionBucket, type SessionBench } from "../../support/engine/session-bench.ts";
import { tempState } from "../../support/state/temp-state.ts";

const photoCount = 60;

async function backedUpBench() {
  const bench = await sessionBench();
  const photos = Array.from({ length: photoCount }, (_, number) => bench.photo(`${number}.jpg`));
  await bench.backUp();
  return { bench, photos };
}

/** Requests of a run by what they asked, but for those about the pieces themselves. */
function requestsOf(bench: SessionBench, from: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation = "?" } of bench.s3.log.requests.slice(from)) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

describe("a ledger that was lost", () => {
  test("is made anew from listing and catalogue, each photo read and proved, without a HEAD or a PUT of one", async () => {
    const { bench, photos } = await backedUpBench();
    const paths = await tempState();
    const from = bench.s3.log.requests.length;
    const summary = await bench.backUp({ paths });
    expect(summary).toMatchObject({ scanned: photoCount, uploaded: 0, alreadyBackedUp: photoCount, conflicts: 0 });
    // The bucket is looked at once and listed once, the old piece read, a new one stored.
    expect(requestsOf(bench, from)).toEqual({ ListObjectsV2: 2, GetObject: 1, PutObject: 1 });
    const { ledger } = await bench.open({ paths });
    for (const path of photos) {
      expect(ledger.get(path)).toMatchObject({ proof: "found", sha256: sha256Of(`photo ${path.split("/").at(-1)}`) });
    }
    await ledger.close();
  });

  test("invariant 1: what changed on disk since is read, not believed", async () => {
    const { bench, photos } = await backedUpBench();
    writeFileSync(photos[7] as string, "other bytes, later");
    const paths = await tempState();
    expect(await bench.backUp({ paths })).toMatchObject({ uploaded: 1, alreadyBackedUp: photoCount - 1, failed: 0 });
    const { ledger } = await bench.open({ paths });
    const key = ledger.get(photos[7] as string)?.s3Key ?? "";
    expect((await bench.s3.readObject(sessionBucket, key)).toString()).toBe("other bytes, later");
    await ledger.close();
  });

  test("invariant 1: an object that was replaced by one of the same size is not believed for the catalogue's word", async () => {
    const { bench, photos } = await backedUpBench();
    const key = "photos/Pictures/7.jpg";
    bench.s3.putObjectDirectly(sessionBucket, key, "PHOTO 7.jpg");
    const paths = await tempState();
    expect(await bench.backUp({ paths })).toMatchObject({ uploaded: 1, conflicts: 1, failed: 0 });
    const { ledger } = await bench.open({ paths });
    expect(ledger.get(photos[7] as string)?.s3Key).not.toBe(key);
    await ledger.close();
  });

  test("invariant 1: without a piece that can be read, objects are proved by what they are", async () => {
    const { bench } = await backedUpBench();
    bench.s3.putObjectDirectly(sessionBucket, "photos/Pictures/7.jpg", "PHOTO 7.jpg");
    const [piece = ""] = bench.pieces();
    bench.s3.putObjectDirectly(sessionBucket, piece, gzipSync("not a piece"));
    expect(await bench.backUp({ paths: await tempState() })).toMatchObject({
      ...{ uploaded: 1, conflicts: 1, alreadyBackedUp: photoCount - 1 },
    });
    expect(bench.damaged).toEqual([piece]);
  });

  test("copies find their one object again, whichever is read first", async () => {
    const bench = await sessionBench();
    for (let number = 0; number < 20; number += 1) bench.photo(`m ${number}.jpg`);
    await bench.backUp();
    // Scanned before the photo whose object it shares.
    bench.photo("a copy.jpg", "photo m 3.jpg");
    expect(await bench.backUp()).toMatchObject({ uploaded: 0 });
    const objects = bench.s3.objects(sessionBucket).length - bench.pieces().length;
    expect(await bench.backUp({ paths: await tempState() })).toMatchObject({ uploaded: 0, alreadyBackedUp: 21 });
    expect(bench.s3.objects(sessionBucket).length - bench.pieces().length).toBe(objects);
  });

  test("brings back when a photo was uploaded and its earlier versions", async () => {
    const { bench, photos } = await backedUpBench();
    const edited = photos[3] as string;
    writeFileSync(edited, "after the edit");
    utimesSync(edited, new Date(1_000_000_000_000), new Date(1_000_000_000_000));
    await bench.backUp();
    const known = await bench.open();
    const before = known.ledger.get(edited);
    await known.close();
    bench.clock.advance(86_400_000);
    const paths = await tempState();
    await bench.backUp({ paths });
    const { ledger } = await bench.open({ paths });
    expect(ledger.get(edited)).toMatchObject({ uploadedAt: before?.uploadedAt, s3Key: before?.s3Key });
    // The catalogue keeps whole milliseconds.
    const previous = before?.previous?.map((version) => ({ ...version, mtimeMs: Math.floor(version.mtimeMs ?? 0) }));
    expect(previous).toHaveLength(1);
    expect(ledger.get(edited)?.previous).toEqual(previous);
    await ledger.close();
  });

  test("where listing is denied, a HEAD for each photo does it", async () => {
    const { bench } = await backedUpBench();
    const from = bench.s3.log.requests.length;
    // The first listing is the one that looks at the bucket.
    const match = { operation: "ListObjectsV2", nth: 2 } as const;
    bench.s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match, times: Infinity });
    expect(await bench.backUp({ paths: await tempState() })).toMatchObject({ uploaded: 0, failed: 0 });
    expect(requestsOf(bench, from)).toMatchObject({ HeadObject: photoCount });
  });

  test("where a catalogue is answered with an error that nobody knows, a HEAD for each photo does it", async () => {
    const { bench } = await backedUpBench();
    const from = bench.s3.log.requests.length;
    const match = { operation: "GetObject" } as const;
    bench.s3.faults.add({ kind: "status", status: 501, code: "NotImplemented", match, times: Infinity });
    expect(await bench.backUp({ paths: await tempState() })).toMatchObject({ uploaded: 0, failed: 0 });
    expect(requestsOf(bench, from)).toMatchObject({ HeadObject: photoCount });
  });

  test("objects that another tool put there are adopted by their MD5, without a HEAD", async () => {
    const bench = await sessionBench();
    for (let number = 0; number < 20; number += 1) {
      bench.photo(`${number}.jpg`);
      bench.s3.putObjectDirectly(sessionBucket, `photos/Pictures/${number}.jpg`, `photo ${number}.jpg`);
    }
    const from = bench.s3.log.requests.length;
    expect(await bench.backUp()).toMatchObject({ uploaded: 0, alreadyBackedUp: 20 });
    expect(requestsOf(bench, from)).toEqual({ ListObjectsV2: 2, PutObject: 1 });
  });
});

describe("two Macs on one prefix", () => {
  test("each keeps its catalogue; what both have is stored once", async () => {
    const { bench } = await backedUpBench();
    const other = mkdtempSync(join(tmpdir(), "photolala-other-mac-"));
    onTestFinished(() => rmSync(other, { recursive: true, force: true }));
    const folder = join(other, "Pictures");
    mkdirSync(folder);
    cpSync(bench.folder, folder, { recursive: true });
    writeFileSync(join(folder, "only here.jpg"), "only here");
    const paths = await tempState();
    expect(await bench.backUp({ paths, folder })).toMatchObject({
      uploaded: 1,
      alreadyBackedUp: photoCount,
      conflicts: 0,
    });
    expect(new Set(bench.pieces().map((key) => key.split("/").at(-2))).size).toBe(2);
    expect(await bench.backUp()).toMatchObject({ requests: 0 });
    expect(await bench.backUp({ paths, folder })).toMatchObject({ requests: 0 });
  });
});
