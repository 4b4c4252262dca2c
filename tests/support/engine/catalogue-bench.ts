import { setImmediate as turn } from "node:timers/promises";
import PQueue from "p-queue";
import { expect, onTestFinished } from "vitest";
import { DestinationGate } from "../../../helper/backup/destination-gate.ts";
import type { Catalogue } from "../../../helper/catalogue/catalogue.ts";
import { openCatalogue } from "../../../helper/catalogue/open-catalogue.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { startLoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";
import { tempState } from "../state/temp-state.ts";
import { FakeClock } from "./fake-clock.ts";
import { readByHand, sessionBucket } from "./session-bench.ts";

export const uploadedAt = "2026-01-02T03:04:05.000Z";

export function entryOf(number: number) {
  return { uploadedAt, size: number, s3Key: `photos/${number}.jpg`, sha256: `${number}`.padStart(64, "0"), etag: "e" };
}

export const pathOf = (number: number) => `/Pictures/${number}.jpg`;

/** A ledger and its catalogue without photos: what is recorded is made up. */
export async function catalogueBench({ patienceMs = 0 } = {}) {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [sessionBucket] });
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket: sessionBucket, prefix: "photos" };
  const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials });
  store.conditionalWrites = "honored";
  const clock = new FakeClock(Date.now());
  const paths = await tempState();
  const damaged: string[] = [];
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  const bodies = new PQueue({ concurrency: 1 });
  const gate = new DestinationGate({ clock, random: () => 0, patienceMs });
  const open = async () => {
    const told: { catalogue?: Catalogue } = {};
    const ledger = await openLedger(paths, destination, { onEntry: (path) => told.catalogue?.changed(path) });
    const openStore = async () => store;
    const onDamaged = (key: string) => damaged.push(key);
    const parts = { paths, destination, ledger, clock, gate, bodies, openStore, onDamaged };
    const catalogue = (told.catalogue = await openCatalogue(parts));
    const begin = () =>
      catalogue.begin({ folders: [], stopping: new AbortController().signal, aborting: new AbortController().signal });
    const record = (from: number, to: number) => {
      for (let number = from; number < to; number += 1) ledger.put(pathOf(number), entryOf(number));
    };
    begin();
    return { ledger, catalogue, record, begin };
  };
  const pieces = () => s3.objects(sessionBucket).map(({ key }) => key);
  const read = (keys = pieces()) => readByHand(keys, (key) => s3.readObject(sessionBucket, key));
  return { s3, store, gate, paths, destination, clock, bodies, damaged, open, pieces, read };
}

/** Until what goes on in the background is through. */
export async function untilIdle({ bodies }: { bodies: PQueue }, isDone: () => boolean): Promise<void> {
  for (let turns = 0; !isDone() && turns < 100_000; turns += 1) await turn();
  await bodies.onIdle();
  expect(isDone()).toBe(true);
}
