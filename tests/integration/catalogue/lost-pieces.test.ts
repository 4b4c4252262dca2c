import { describe, expect, test } from "vitest";
import { findLostPieces } from "../../../helper/catalogue/find-lost-pieces.ts";
import { readCatalogueState } from "../../../helper/state/files/catalogue-store.ts";
import type { CatalogueState } from "../../../helper/state/files/catalogue-state.ts";
import { catalogueBench } from "../../support/engine/catalogue-bench.ts";
import { sessionBucket } from "../../support/engine/session-bench.ts";
import { withListing } from "../../support/engine/verify-bench.ts";

/** A catalogue of three pieces, and what is asked about it. */
async function threePieces() {
  const bench = await catalogueBench();
  const opened = await bench.open();
  for (let piece = 0; piece < 3; piece += 1) {
    opened.record(piece * 5, piece * 5 + 5);
    await opened.catalogue.finish();
  }
  const look = async (store = bench.store) => {
    const state = (await readCatalogueState(bench.paths, bench.destination)) as CatalogueState;
    return findLostPieces({ store, gate: bench.gate, signal: new AbortController().signal, prefix: "photos", state });
  };
  const lookNow = () =>
    opened.catalogue.look({ store: bench.store, gate: bench.gate, signal: new AbortController().signal });
  return { ...bench, ...opened, look, lookNow };
}

describe("our own catalogue in the bucket", () => {
  test("is whole: one listing", async () => {
    const { look, s3 } = await threePieces();
    const before = s3.requests.length;
    expect(await look()).toEqual({ pieces: 3, missing: 0 });
    expect(s3.requests.length - before).toBe(1);
  });

  test.each([[0], [1], [2], [0, 1, 2]])(
    "invariant 11: pieces %j are gone, and the next run tells all of it again",
    async (...gone) => {
      const { look, lookNow, pieces, s3, catalogue, read, ledger } = await threePieces();
      const keys = pieces();
      for (const index of gone) s3.deleteObjectDirectly(sessionBucket, keys[index] as string);
      expect(await look()).toEqual({ pieces: 3, missing: gone.length });
      await lookNow();
      expect(catalogue.isCurrent).toBe(false);
      expect(await catalogue.finish()).toBeUndefined();
      expect(catalogue.isCurrent).toBe(true);
      expect((await read()).size).toBe(ledger.size);
      expect(await look()).toMatchObject({ missing: 0 });
      // Nothing more is sent by the next one.
      const after = pieces().length;
      await catalogue.finish();
      expect(pieces()).toHaveLength(after);
    },
  );

  test("invariant 11: the newest snapshot is gone", async () => {
    const { look, lookNow, pieces, s3, catalogue } = await threePieces();
    s3.deleteObjectDirectly(sessionBucket, pieces()[0] as string);
    await lookNow();
    await catalogue.finish();
    const snapshot = pieces().find((key) => key.includes("snapshot")) as string;
    expect(await look()).toEqual({ pieces: 1, missing: 0 });
    s3.deleteObjectDirectly(sessionBucket, snapshot);
    expect(await look()).toEqual({ pieces: 1, missing: 1 });
  });

  test("invariant 11: one piece that is gone counts, whatever else the listing leaves out", async () => {
    const { look, store, pieces, s3 } = await threePieces();
    s3.deleteObjectDirectly(sessionBucket, pieces()[2] as string);
    const nothing = withListing(store, async () => ({ objects: [] })) as typeof store;
    expect(await look(nothing)).toEqual({ pieces: 3, missing: 1 });
  });

  test("a piece that may not be read is not called gone", async () => {
    const { look, store, s3 } = await threePieces();
    s3.accessKeys[0]!.deniedActions = ["s3:GetObject"];
    expect(await look(withListing(store, async () => ({ objects: [] })) as typeof store)).toBeUndefined();
  });

  test("a listing that leaves out what is there tells nothing, nor does one that is refused", async () => {
    const { look, store, s3 } = await threePieces();
    expect(await look(withListing(store, async () => ({ objects: [] })) as typeof store)).toBeUndefined();
    s3.accessKeys[0]!.deniedActions = ["s3:ListBucket"];
    expect(await look()).toBeUndefined();
  });
});
