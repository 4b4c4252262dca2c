import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { ObjectStore } from "../../../helper/backup/object-store.ts";
import { BodyCutOff, hashObject } from "../../../helper/verify/hash-object.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";

const signal = new AbortController().signal;

function storeOf(body: Readable, sizeBytes: number): ObjectStore {
  const head = { sizeBytes, etag: "e", etagIsOpaque: false };
  return { read: async () => ({ head, body }) } as unknown as ObjectStore;
}

test("hashes a body piece by piece", async () => {
  const store = storeOf(Readable.from([Buffer.from("a pho"), Buffer.from("to")]), 7);
  expect(await hashObject(store, "k", { signal })).toEqual({ sizeBytes: 7, sha256Hex: sha256Of("a photo") });
});

test("a body that ends early in good order is no other body: it was cut off", async () => {
  await expect(hashObject(storeOf(Readable.from([Buffer.from("a ph")]), 7), "k", { signal })).rejects.toThrow(
    BodyCutOff,
  );
});

test("a body that stops when the run is stopped rejects with the run's reason", async () => {
  const stopping = new AbortController();
  const body = new Readable({ read: () => undefined });
  const hashing = hashObject(storeOf(body, 7), "k", { signal: stopping.signal });
  setImmediate(() => stopping.abort(new Error("stopped")));
  await expect(hashing).rejects.toThrow("stopped");
  expect(body.destroyed).toBe(true);
});

test("a body without end is taken no further than it could be the object", async () => {
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(1_000));
    },
  });
  const found = await hashObject(storeOf(endless, -1), "k", { signal, bytesMost: 7 });
  expect(found?.sizeBytes).toBeGreaterThan(7);
  expect(endless.destroyed).toBe(true);
});
