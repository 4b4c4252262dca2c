import { DestinationGate } from "../../../helper/backup/destination-gate.ts";
import type { ObjectStore } from "../../../helper/backup/object-store.ts";
import { expectedObjects } from "../../../helper/verify/expected-object.ts";
import type { VerifyOptions } from "../../../helper/verify/verify-options.ts";
import { VerifyRun } from "../../../helper/verify/verify-run.ts";
import type { VerifySummary } from "../../../helper/verify/verify-summary.ts";
import type { EngineBench } from "./engine-bench.ts";

/** A verification of what the bench has backed up. */
export function verifyRun(bench: EngineBench, overrides: Partial<VerifyOptions> = {}): VerifyRun {
  const { store, clock, ledger, stopping } = bench;
  const expected = expectedObjects(ledger.entries());
  return new VerifyRun({
    store,
    clock,
    gate: new DestinationGate({ clock, random: () => 0, patienceMs: 10_000 }),
    prefix: "photos",
    expected,
    photos: ledger.size,
    isKnown: (key) => expected.has(key),
    isListed: true,
    headsMost: Number.POSITIVE_INFINITY,
    seed: "seed",
    readPercent: 0,
    signal: stopping.signal,
    ...overrides,
  });
}

/** From its first step to its last. */
export async function verified(bench: EngineBench, overrides: Partial<VerifyOptions> = {}): Promise<VerifySummary> {
  const run = verifyRun(bench, overrides);
  for await (const step of run.steps()) void step;
  const { summary } = run;
  const { present, missing, changed, unproved, notAsked, objects } = summary;
  if (present + missing + changed + unproved + notAsked !== objects) throw new Error(JSON.stringify(summary));
  return summary;
}

/** The store, but for what a test makes of its listings. */
export function withListing(store: ObjectStore, list: ObjectStore["list"]): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "list") return list;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Flips one bit of a stored object's bytes, as a dying disk does: the store's own checksum and ETag stay. */
export function flipBit(bench: EngineBench, bucket: string, key: string): void {
  const bytes = bench.s3.object(bucket, key)?.segments[0]?.bytes;
  if (!bytes) throw new Error(`there are no bytes of ${key}`);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
}
