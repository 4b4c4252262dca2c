import { randomUUID } from "node:crypto";
import { utimesSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openBucketView } from "../../../helper/catalogue/open-bucket-view.ts";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import { catalogueBench } from "../../support/engine/catalogue-bench.ts";
import { putPiece } from "../../support/engine/put-piece.ts";
import { sessionBench, sessionBucket, type SessionBench } from "../../support/engine/session-bench.ts";
import { tempState } from "../../support/state/temp-state.ts";

const at = "2026-01-02T03:04:05.000Z";
const key = "photos/Pictures/a.jpg";

/** As many new photos as make it worth while to list the bucket. */
function addOthers(bench: SessionBench): void {
  for (let number = 0; number < 25; number += 1) bench.photo(`other ${randomUUID()}.jpg`);
}

/** The store lost bits, and answers HEAD and listing as if it had not: only reading its bytes told. */
async function condemned() {
  const bench = await sessionBench();
  const path = bench.photo("a.jpg");
  await bench.backUp();
  const session = await bench.open();
  const entry = session.ledger.get(path) as LedgerEntry;
  session.ledger.put(path, { ...entry, goneSince: at, changedKeys: [entry.s3Key] });
  await session.close();
  addOthers(bench);
  const entryAt = async (of: string, paths = bench.paths) => {
    const opened = await bench.open({ paths });
    const found = opened.ledger.get(of);
    await opened.close();
    return found;
  };
  return { bench, path, entryAt };
}

describe("an object whose bytes were read and are others", () => {
  test("invariant 1: is not believed again for the catalogue's word", async () => {
    const { bench, path, entryAt } = await condemned();
    expect(await bench.backUp()).toMatchObject({ uploaded: 26, failed: 0 });
    const entry = await entryAt(path);
    expect(entry).toMatchObject({ proof: "uploaded", changedKeys: [key] });
    expect(entry?.s3Key).not.toBe(key);
  });

  test("invariant 1: is not believed for a copy of the photo either", async () => {
    const { bench, entryAt } = await condemned();
    // Scanned before the photo itself, which would be sent otherwise.
    const copy = bench.photo("0 copy.jpg", "photo a.jpg");
    expect(await bench.backUp()).toMatchObject({ uploaded: 26, duplicates: 1, failed: 0 });
    expect((await entryAt(copy))?.s3Key).not.toBe(key);
  });

  test("invariant 1: is not believed by who has lost the ledger, nor later, when the photo is touched", async () => {
    const { bench, path, entryAt } = await condemned();
    await bench.backUp();
    const sentAnew = (await entryAt(path))?.s3Key;
    const paths = await tempState();
    expect(await bench.backUp({ paths })).toMatchObject({ uploaded: 0, alreadyBackedUp: 26, failed: 0 });
    expect(await entryAt(path, paths)).toMatchObject({ s3Key: sentAnew, changedKeys: [key] });
    utimesSync(path, new Date(1_000_000_000_000), new Date(1_000_000_000_000));
    expect(await bench.backUp({ paths })).toMatchObject({ uploaded: 0, failed: 0 });
    expect((await entryAt(path, paths))?.s3Key).toBe(sentAnew);
  });
});

describe("what a later piece takes back", () => {
  const md5 = "0123456789abcdef0123456789abcdef";
  const sha256 = "ab".repeat(32);
  const line = { path: "/a.jpg", key, size: 3, sha256, uploadedAt: at };

  async function viewWith(...pieces: { macId: string; change: Record<string, unknown> }[]) {
    const bench = await catalogueBench();
    const { etag } = bench.s3.putObjectDirectly(sessionBucket, key, "abc");
    expect(etag).not.toBe(md5);
    for (const [index, { macId, change }] of pieces.entries()) {
      await putPiece(bench.s3, { macId, number: index + 1 }, [{ ...line, etag: etag.replaceAll('"', ""), ...change }]);
    }
    const { store, gate } = bench;
    const view = await openBucketView({
      ...{ store, gate, prefix: "photos", pendingPhotos: 1_000, recordedPhotos: 0, isRebuilding: false },
      ...{ signal: new AbortController().signal, onDamaged: () => undefined, onSurplus: () => undefined },
    });
    return { sha256: view?.find(key), content: view?.findByContent(sha256), isChanged: view?.isChanged(key) };
  }

  const [one, two] = ["1".repeat(16), "2".repeat(16)];

  test("counts while nothing does", async () => {
    expect(await viewWith({ macId: one, change: {} })).toMatchObject({ sha256: { sha256 }, content: { key } });
  });

  test.each([
    ["the same Mac", one, one],
    ["another Mac", one, two],
    ["another Mac, read before", two, one],
  ])(
    "invariant 1: an object that %s knows to be gone proves nothing by what was said before",
    async (_, says, knows) => {
      const found = await viewWith({ macId: says, change: {} }, { macId: knows, change: { goneSince: at } });
      expect(found.sha256).not.toHaveProperty("sha256");
      expect(found.content).toBeUndefined();
    },
  );

  test("an object that was gone and sent again counts", async () => {
    const found = await viewWith({ macId: one, change: { goneSince: at } }, { macId: one, change: {} });
    expect(found).toMatchObject({ sha256: { sha256 }, content: { key }, isChanged: false });
  });

  test.each([one, two])("invariant 1: one that was found to be changed never does, whoever says so", async (macId) => {
    const found = await viewWith(
      { macId, change: { key: "photos/elsewhere.jpg", changedKeys: [key] } },
      { macId: one, change: {} },
    );
    expect(found).toMatchObject({ content: undefined, isChanged: true });
  });
});
