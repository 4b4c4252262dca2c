import type { ObjectStore } from "../backup/object-store.ts";
import { knownLimits, knownProvider } from "../probe/known-limits.ts";
import { probeConditionalWrites, probeKey } from "../probe/probe-conditional-writes.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { areFresh, type Capabilities } from "../state/files/capabilities.ts";
import { readCapabilities, updateCapabilities } from "../state/files/capabilities-store.ts";
import type { Destination } from "../state/files/destination.ts";
import type { StatePaths } from "../state/state-paths.ts";

/** What a bucket has shown, as the store takes it and tells it. */
export interface KnownOfStore {
  conditionalWrites: ObjectStore["conditionalWrites"];
  refusesSha256: boolean;
  bindsByChecksum: boolean;
}

interface ProbedStoreOptions {
  paths: StatePaths;
  destination: Destination;
  helperVersion: string;
  now: () => number;
  signal?: AbortSignal;
  /** What was known cannot be read, and will not be the next time either: the bucket is asked anew each time. */
  onUnreadable?: (error: BackupError) => void;
  /** Whose service it is, for tests. */
  providerOf?: typeof knownProvider;
  open(known: Partial<KnownOfStore> & { onLearned: (found: KnownOfStore) => void }): Promise<ObjectStore>;
}

/**
 * Opens a bucket with what is known of it, and finds out what is not: once a destination, after 30 days, with a new
 * helper, and when a storage class is new. It writes, so the person must have agreed to the destination (invariant 2).
 * A bucket that does not answer now stays unknown, and the run itself waits for it. What the bucket was not asked is taken
 * from what is declared of its service.
 * @throws BackupError what stops the run: a refused key or storage class, a missing bucket or permission
 */
export async function openProbedStore(options: ProbedStoreOptions): Promise<ObjectStore> {
  const { paths, destination, helperVersion, now } = options;
  const found = await readCapabilities(paths, destination, options.onUnreadable);
  // What is old is asked as if nothing were known: a store may have learned what it once refused.
  const known = found && areFresh(found, { now: now(), helperVersion }) ? found : undefined;
  const profile = (options.providerOf ?? knownProvider)(destination.endpoint, found);
  const keep = (found: Partial<Capabilities>) => keepCapabilities(options, found);
  let learned: Promise<void> = Promise.resolve();
  // Amid a probe a single answer has shown nothing: only what the probe as a whole believes is kept.
  let isProbing = !known || !acceptsClass(known, destination.storageClass);
  let sha256Header = known?.sha256Header ?? ("unknown" as const);
  const store = await options.open({
    conditionalWrites: known?.conditionalWrites ?? "unknown",
    refusesSha256: (isShown(known?.sha256Header) ? known?.sha256Header : profile?.sha256Header.value) === "refused",
    bindsByChecksum: known?.bindsByChecksum ?? false,
    onLearned: ({ conditionalWrites, refusesSha256, bindsByChecksum }) => {
      if (refusesSha256) sha256Header = "refused";
      if (isProbing) return;
      const checksum = refusesSha256 ? { sha256Header } : {};
      learned = learned.then(() => keep({ conditionalWrites, bindsByChecksum, ...checksum })).catch(() => undefined);
    },
  });
  store.limits = knownLimits(profile, found, now());
  if (!isProbing) return store;
  const probed = await probe(store, options, known?.bindsByChecksum !== undefined);
  isProbing = false;
  if (probed) learned = keep({ ...probed, sha256Header }).catch(() => undefined);
  await learned;
  return store;
}

function isShown(sha256Header: Capabilities["sha256Header"]): boolean {
  return sha256Header !== undefined && sha256Header !== "unknown";
}

function acceptsClass(known: Capabilities, storageClass: string | undefined): boolean {
  if (storageClass === undefined) return true;
  return ["accepted", "ignored"].includes(known.storageClasses?.[storageClass] ?? "");
}

async function probe(
  store: ObjectStore,
  options: ProbedStoreOptions,
  knowsBinding: boolean,
): Promise<Partial<Capabilities> | undefined> {
  const { destination, signal } = options;
  const { prefix, storageClass } = destination;
  try {
    // A listing first: only its answer says why a key, bucket or region is wrong, and the run asks for it again.
    await store.checkBucket(signal);
    const conditionalWrites = await probeConditionalWrites(store, probeKey(prefix, storageClass), signal);
    store.conditionalWrites = conditionalWrites;
    // Where a condition protects what is there: it must not be asked at the price of another object.
    // Nobody waits for the answer but uploads: meanwhile the bucket is looked over and the first photos are read.
    if (conditionalWrites === "honored" && !knowsBinding)
      store.probeBinding?.(probeKey(prefix), signal).catch(() => undefined);
    store.isJustChecked = true;
    return { conditionalWrites, ...(storageClass ? { storageClasses: { [storageClass]: "accepted" } } : {}) };
  } catch (error) {
    // What only a change mends would stop the run just so; and a service may lock a key that keeps trying.
    if (error instanceof BackupError && !isPassing(error)) {
      store.close();
      throw error;
    }
    if (error instanceof BackupError && error.retryAfterMs !== undefined) answerFirstWith(store, error);
    return undefined;
  }
}

/** Who asked to be left alone is not asked by the run at once: its first question is answered with that, and its gate waits. */
function answerFirstWith(store: ObjectStore, error: BackupError): void {
  const ask = store.checkBucket.bind(store);
  store.checkBucket = () => {
    store.checkBucket = ask;
    return Promise.reject(error);
  };
}

/** An outage is waited for by the run's own gate. */
function isPassing({ reason }: BackupError): boolean {
  return reason.scope !== "destination" || reason.retry === "backoff";
}

/** A 501 or a first 412 that is met beside the probe corrects what was kept too. */
async function keepCapabilities(options: ProbedStoreOptions, found: Partial<Capabilities>): Promise<void> {
  const { paths, destination, helperVersion, now } = options;
  await updateCapabilities(paths, destination, (before) => ({
    ...before,
    ...found,
    version: 1,
    conditionalWrites: found.conditionalWrites ?? before?.conditionalWrites ?? "unknown",
    storageClasses: { ...before?.storageClasses, ...found.storageClasses },
    probedAt: new Date(now()).toISOString(),
    helperVersion,
  }));
}
