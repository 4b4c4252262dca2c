import { expect, test } from "vitest";
import { lookAtCatalogue } from "../../../helper/cli/look-at-catalogue.ts";
import { readCatalogueState, writeCatalogueState } from "../../../helper/state/files/catalogue-store.ts";
import type { CatalogueState } from "../../../helper/state/files/catalogue-state.ts";
import { takeRequests } from "../../../helper/state/files/request-store.ts";
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";
import { catalogueBench } from "../../support/engine/catalogue-bench.ts";
import { sessionBucket } from "../../support/engine/session-bench.ts";
import { withListing } from "../../support/engine/verify-bench.ts";

/** A catalogue of one piece that somebody deleted. */
async function lostPiece() {
  const bench = await catalogueBench();
  const { paths, destination, store, gate, s3 } = bench;
  const look = () => lookAtCatalogue(destination, { store, gate, signal: new AbortController().signal }, { paths });
  const state = async () => (await readCatalogueState(paths, destination)) as CatalogueState;
  expect(await look()).toBeUndefined();
  const opened = await bench.open();
  opened.record(0, 5);
  await opened.catalogue.finish();
  expect(await look()).toMatchObject({ missing: 0 });
  const whole = await state();
  for (const key of bench.pieces()) s3.deleteObjectDirectly(sessionBucket, key);
  return { ...bench, look, state, whole };
}

test("invariant 11: a lost piece is noted for the next run, and the lock is free again", async () => {
  const { paths, look, state, whole } = await lostPiece();
  expect(await look()).toEqual({ pieces: 1, missing: 1 });
  expect(await state()).not.toEqual(whole);
  expect(await takeRequests(paths)).toEqual([]);
  await (await acquireLock(paths.helperLock)).release();
});

test("invariant 11: where a helper runs, it is asked, and its state is left to it", async () => {
  const { paths, look, state, whole } = await lostPiece();
  const helper = await acquireLock(paths.helperLock);
  expect(await look()).toEqual({ pieces: 1, missing: 1 });
  await helper.release();
  expect(await state()).toEqual(whole);
  expect(await takeRequests(paths)).toMatchObject([{ request: { kind: "verify" } }]);
});

test("a catalogue that got another id meanwhile is not the one that was looked at", async () => {
  const { paths, destination, store, gate, whole, state } = await lostPiece();
  const other = { ...whole, macId: "0123456789abcdef" };
  const list: typeof store.list = async (...asked) => {
    const page = await store.list(...asked);
    await writeCatalogueState(paths, destination, other);
    return page;
  };
  const asking = { store: withListing(store, list), gate };
  await lookAtCatalogue(destination, { ...asking, signal: new AbortController().signal }, { paths });
  expect(await state()).toEqual(other);
});
