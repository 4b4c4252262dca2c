import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openUploadIntents } from "../../../../helper/state/files/open-upload-intents.ts";
import { tempState } from "../../../support/state/temp-state.ts";

const destination = { endpoint: "http://127.0.0.1:9000", region: "us-east-1", bucket: "photos", prefix: "photos" };
const elsewhere = { ...destination, prefix: "elsewhere" };
const intent = {
  ...{ key: "photos/a.mov", path: "/a.mov", sizeBytes: 1, mtimeMs: 1.5, ctimeMs: 2, inode: 3, partBytes: 5 },
  ...{ sha256: "0".repeat(64), begunAt: "2026-01-01T00:00:00.000Z" },
};

describe("intents of uploads in parts", () => {
  test("are on disk when they are saved, each destination's apart", async () => {
    const paths = await tempState();
    const here = await openUploadIntents(paths, destination);
    await here.save(intent);
    await here.save({ ...intent, uploadId: "u" });
    const there = await openUploadIntents(paths, elsewhere);
    expect(there.all()).toEqual([]);
    await there.leave({ key: "k", uploadId: "left" });
    const again = await openUploadIntents(paths, destination);
    expect(again.all()).toEqual([{ ...intent, uploadId: "u" }]);
    expect(again.left()).toEqual([]);
    await again.remove(intent.key);
    expect((await openUploadIntents(paths, destination)).all()).toEqual([]);
    expect((await openUploadIntents(paths, elsewhere)).left()).toEqual([{ key: "k", uploadId: "left" }]);
  });

  test("saves that come side by side all reach the disk", async () => {
    const paths = await tempState();
    const intents = await openUploadIntents(paths, destination);
    const keys = Array.from({ length: 20 }, (_, index) => `photos/${index}.mov`);
    await Promise.all(keys.map((key) => intents.save({ ...intent, key })));
    expect((await openUploadIntents(paths, destination)).all().map(({ key }) => key)).toEqual(keys);
  });

  test("invariant 10: a newer helper's file is refused and left alone, a damaged one set aside", async () => {
    const paths = await tempState();
    const newer = JSON.stringify({ version: 2, whatever: true });
    writeFileSync(paths.multipart, newer);
    await expect(openUploadIntents(paths, destination)).rejects.toMatchObject({ code: "newer-schema" });
    expect(readFileSync(paths.multipart, "utf8")).toBe(newer);
    writeFileSync(paths.multipart, "{ torn");
    expect((await openUploadIntents(paths, destination)).all()).toEqual([]);
    expect(existsSync(paths.multipart)).toBe(false);
    expect(readdirSync(paths.stateDir).filter((name) => name.includes("corrupt"))).toHaveLength(1);
  });
});
