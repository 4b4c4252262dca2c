import type { Clock } from "../backup/clock.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { ExpectedObject } from "./expected-object.ts";

export interface VerifyOptions {
  store: ObjectStore;
  gate: DestinationGate;
  clock: Clock;
  prefix: string;
  /** What to look for, by key. */
  expected: ReadonlyMap<string, ExpectedObject>;
  /** Photos they belong to. */
  photos: number;
  /** Whether some entry of the ledger names this key, looked for now or not. */
  isKnown: (key: string) => boolean;
  /** False to ask for each object at once: for a few, a listing of all would be too much. */
  isListed: boolean;
  /** Where the bucket is not listed or may not be, at most so many objects are asked for one by one. */
  headsMost: number;
  /** Which ones, and which are read: the same seed chooses the same. */
  seed: string;
  /** How many percent of the objects are downloaded and hashed; 0 for none. */
  readPercent: number;
  signal: AbortSignal;
  onProgress?: (progress: VerifyProgress) => void;
}

export interface VerifyProgress {
  phase: "listing" | "asking" | "reading";
  /** Objects to look at in this phase, and those done. */
  total: number;
  done: number;
  bytesTotal: number;
  bytesDone: number;
}
