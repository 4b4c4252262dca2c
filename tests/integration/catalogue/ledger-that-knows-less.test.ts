import { cpSync, rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCatalogueKey, type CatalogueKey } from "../../../helper/catalogue/catalogue-key.ts";
import { choosePieces } from "../../../helper/catalogue/choose-pieces.ts";
import { catalogueBench, entryOf, pathOf } from "../../support/engine/catalogue-bench.ts";

type Bench = Awaited<ReturnType<typeof catalogueBench>>;
type Opened = Awaited<ReturnType<Bench["open"]>>;

/** What is told to somebody who begins at each Mac's newest snapshot, as docs/formats.md says one may, by path. */
async function told(bench: Bench): Promise<Map<string, string>> {
  const ofMac = new Map<string, { key: string; name: CatalogueKey }[]>();
  for (const key of bench.pieces()) {
    const name = parseCatalogueKey("photos", key) as CatalogueKey;
    ofMac.set(name.macId, [...(ofMac.get(name.macId) ?? []), { key, name }]);
  }
  const byPath = new Map<string, string>();
  for (const found of ofMac.values()) {
    const lines = await bench.read(choosePieces(found).map(({ key }) => key));
    for (const [path, line] of lines) byPath.set(path, `${byPath.get(path) ?? ""}${JSON.stringify(line)}`);
  }
  return byPath;
}

/** One run after another, until a snapshot stands for what was before. */
async function untilSnapshot(bench: Bench, { record, catalogue }: Opened, from: number): Promise<void> {
  const isThere = () => bench.pieces().some((key) => key.includes("snapshot"));
  for (let run = 0; !isThere() && run < 60; run += 1) {
    record(from + run, from + run + 1);
    expect(await catalogue.finish()).toBeUndefined();
  }
  expect(isThere()).toBe(true);
}

function macsOf(bench: Bench): number {
  return new Set(bench.pieces().map((key) => parseCatalogueKey("photos", key)?.macId)).size;
}

describe("invariant 11: no snapshot stands for what the ledger no longer knows", () => {
  test("after the ledger was lost and the catalogue's own state was not", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 30);
    await first.catalogue.finish();
    await first.ledger.close();
    for (const file of [bench.paths.ledger, bench.paths.journal]) rmSync(file, { force: true });
    const second = await bench.open();
    expect(second.ledger.size).toBe(0);
    // The files of the others are gone from the disk, so no run finds them again.
    second.record(0, 10);
    await untilSnapshot(bench, second, 100);
    expect([...(await told(bench)).keys()]).toContain(pathOf(20));
  });

  test("after an older ledger was put back", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 5);
    await first.catalogue.finish();
    await first.ledger.close();
    const kept = `${bench.paths.ledger}.kept`;
    cpSync(bench.paths.ledger, kept);
    const second = await bench.open();
    second.record(5, 9);
    second.ledger.put(pathOf(1), { ...entryOf(1), s3Key: "photos/edited.jpg", previous: [entryOf(1)] });
    await second.catalogue.finish();
    await second.ledger.close();
    cpSync(kept, bench.paths.ledger);
    rmSync(bench.paths.journal, { force: true });
    const third = await bench.open();
    expect(third.ledger.size).toBe(5);
    await untilSnapshot(bench, third, 100);
    const lines = await told(bench);
    expect([...lines.keys()]).toContain(pathOf(7));
    expect(lines.get(pathOf(1))).toContain("photos/edited.jpg");
    expect(macsOf(bench)).toBe(2);
  });

  test("a version that only the pieces know counts as well as a path", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 3);
    await first.catalogue.finish();
    await first.ledger.close();
    const kept = `${bench.paths.ledger}.kept`;
    cpSync(bench.paths.ledger, kept);
    const second = await bench.open();
    second.ledger.put(pathOf(1), { ...entryOf(1), s3Key: "photos/edited.jpg", previous: [entryOf(1)] });
    await second.catalogue.finish();
    await second.ledger.close();
    cpSync(kept, bench.paths.ledger);
    rmSync(bench.paths.journal, { force: true });
    const third = await bench.open();
    third.record(10, 11);
    await third.catalogue.finish();
    expect(macsOf(bench)).toBe(2);
  });

  test("a ledger that knows all its pieces tell, and more, goes on under its id", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 5);
    await first.catalogue.finish();
    first.ledger.put(pathOf(1), { ...entryOf(1), s3Key: "photos/edited.jpg", previous: [entryOf(1)] });
    // Lost, told so, and sent again under another key.
    first.ledger.markGone(pathOf(2), entryOf(1).uploadedAt);
    await first.catalogue.finish();
    first.ledger.put(pathOf(2), { ...entryOf(2), s3Key: "photos/2.again.jpg" });
    await first.catalogue.end();
    first.record(5, 6);
    await first.ledger.close();
    const second = await bench.open();
    expect(second.catalogue.isCurrent).toBe(false);
    expect(await second.catalogue.finish()).toBeUndefined();
    expect(macsOf(bench)).toBe(1);
    expect((await told(bench)).size).toBe(6);
  });
});
