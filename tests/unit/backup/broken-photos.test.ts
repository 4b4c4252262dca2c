import { statSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bucket, engineBench, sha256Of } from "../../support/engine/engine-bench.ts";
import { generatePhoto } from "../../support/photos/generate-photos.ts";

const jpeg = await generatePhoto({ format: "jpeg", seed: 3 });
const cut = jpeg.subarray(0, jpeg.length - 200);
/** With 17 MiB of comments before the picture. */
const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(65_533, "x")]);
const largeCut = Buffer.concat([cut.subarray(0, 2), ...Array.from({ length: 272 }, () => comment), cut.subarray(2)]);

describe("a photo that is provably cut off", () => {
  test.each([
    ["small", Buffer.from(cut)],
    ["large", largeCut],
  ])("is skipped and listed, then backed up anyway on demand: %s", async (_, content) => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", content);
    expect(await bench.run()).toMatchObject({ failed: 1, uploaded: 0 });
    expect(bench.ledger.failure(path)).toMatchObject({ code: "truncated-file", kind: "failed" });
    expect(bench.ledger.lastBackup).toBeUndefined();
    // Not read again while it stays as it is.
    bench.hooks.open = () => expect.unreachable("it was opened again");
    expect(await bench.run()).toMatchObject({ failed: 1 });
    delete bench.hooks.open;
    expect(await bench.run({ anywayPaths: new Set([path]) })).toMatchObject({ failed: 0, uploaded: 1 });
    expect(await bench.stored("a.jpg")).toBe(sha256Of(content));
    expect(await bench.run()).toMatchObject({ alreadyBackedUp: 1, requests: 0 });
  });

  test("backed up anyway once, is not asked about again when it is touched or moved", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", cut);
    await bench.run({ anywayPaths: new Set([path]) });
    utimesSync(path, new Date(1_700_000_000_000), new Date(1_700_000_000_000));
    bench.photo("moved/a.jpg", cut);
    expect(await bench.run()).toMatchObject({ failed: 0, uploaded: 0, alreadyBackedUp: 2, duplicates: 1 });
  });

  test("is taken up by itself once its copy has finished", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", cut);
    await bench.run();
    writeFileSync(path, jpeg);
    expect(await bench.run()).toMatchObject({ failed: 0, uploaded: 1 });
    expect(bench.ledger.failure(path)).toBeUndefined();
  });
});

describe("a photo held back whose bytes change under the same size and time", () => {
  // ext4, and FAT as Linux numbers it.
  test.each([
    ["is tried again where the change time is kept", 0xef53, { uploaded: 1, failed: 0 }],
    ["stays held back where it is made up", 0x4d44, { uploaded: 0, failed: 1 }],
  ])("%s", async (_, fileSystemType, expected) => {
    const bench = await engineBench();
    bench.hooks.fileSystemType = () => fileSystemType;
    const path = bench.photo("a.jpg", Buffer.alloc(jpeg.length));
    const { atime, mtime } = statSync(path);
    utimesSync(path, atime, mtime);
    expect(await bench.run()).toMatchObject({ failed: 1 });
    expect(bench.ledger.failure(path)?.code).toBe("all-zeros");
    writeFileSync(path, jpeg);
    utimesSync(path, atime, mtime);
    expect(await bench.run()).toMatchObject(expected);
    expect(bench.s3.object(bucket, "photos/Pictures/a.jpg") !== undefined).toBe(expected.uploaded === 1);
  });
});
