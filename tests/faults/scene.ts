import type { BackupRunOptions } from "../../helper/backup/backup-run-options.ts";
import { DestinationGate } from "../../helper/backup/destination-gate.ts";
import { S3ObjectStore } from "../../helper/s3/s3-object-store.ts";
import { BackupError } from "../../helper/state/errors/backup-error.ts";
import { bucket, engineBench, sha256Of, type EngineBench } from "../support/engine/engine-bench.ts";
import type { StoreBehavior } from "../support/loopback-s3/loopback-options.ts";
import { onTestFinished } from "vitest";
import { ClientBodies } from "./client-bodies.ts";
import { shortLimits } from "./short-limits.ts";

/**
 * What is backed up: photos read into memory; or beside them one that is sent as a stream, or in parts, or whose parts
 * were begun by an earlier run, of this file (`resumed`) or of what it was before (`abandoned`).
 */
export type SceneName = "small" | "streamed" | "parts" | "resumed" | "abandoned";

/** Small parts for small films: the photos around them stay below the cutoff. */
const largeFiles = { cutoffBytes: 100, partBytes: 100, partsMost: 10_000 };

/** Above what the engine holds in memory, below what it sends in parts. */
export const streamedBytes = 17 * 1024 * 1024;

export interface Scene {
  bench: EngineBench;
  store: S3ObjectStore;
  bodies: ClientBodies;
  /** SHA-256 of each photo on disk by its path, of every version it had; the last is what it is now. */
  photos: Map<string, string[]>;
  /** SHA-256 of what was in the bucket before, by its key. */
  before: Map<string, string>;
  /** One run. @returns what stopped it, if anything did */
  run(): Promise<BackupError | undefined>;
}

/** A folder and a bucket as they come: new photos, one whose key somebody else holds, one that is there already. */
export async function openScene(name: SceneName, behavior: Partial<StoreBehavior>): Promise<Scene> {
  const bench = await engineBench({ behavior: { ...behavior, minPartBytes: 1 } });
  const { s3, destination } = bench;
  const bodies = new ClientBodies();
  onTestFinished(() => bodies.stop());
  const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials, limits: shortLimits });
  // As its probe tells. What else a store does is found out under way.
  if (behavior.conditionalWrites === "honored") store.conditionalWrites = "honored";
  const photos = new Map<string, string[]>();
  for (const file of ["a.jpg", "album/b.jpg", "taken.jpg", "same.jpg", "z.mov"]) {
    const content = file === "z.mov" ? filmFor(name) : `the bytes of ${file}`;
    photos.set(bench.photo(file, content), [sha256Of(content)]);
  }
  const there = {
    "taken.jpg": "somebody else's",
    "same.jpg": "the bytes of same.jpg",
    "gone.jpg": "gone from the disk",
  };
  const before = new Map<string, string>();
  for (const [file, content] of Object.entries(there)) {
    const key = `photos/Pictures/${file}`;
    s3.putObjectDirectly(bucket, key, content, { withChecksum: true, metadata: { sha256: sha256Of(content) } });
    before.set(key, sha256Of(content));
  }
  const options = name === "small" || name === "streamed" ? {} : { largeFiles };
  const run = () => runOnce(bench, { ...options, openStore: async () => store });
  const scene = { bench, store, bodies, photos, before, run };
  if (name === "resumed" || name === "abandoned") await leaveHalfAnUpload(scene, name);
  return scene;
}

/** A run that ended after the first part; and then, maybe, an edit that makes that part worthless. */
async function leaveHalfAnUpload({ bench, photos, run }: Scene, name: SceneName): Promise<void> {
  const { faults, log } = bench.s3;
  faults.add({ kind: "status", status: 403, code: "AccessDenied", match: { operation: "UploadPart", nth: 2 } });
  await run();
  faults.assertAllFired();
  faults.clear();
  log.clear();
  if (name === "resumed") return;
  const edited = "another film ".repeat(20);
  photos.get(bench.photo("z.mov", edited))?.push(sha256Of(edited));
}

async function runOnce(bench: EngineBench, options: Partial<BackupRunOptions>): Promise<BackupError | undefined> {
  try {
    // Longer than any store of these asks to be left alone.
    const gate = new DestinationGate({ clock: bench.clock, random: () => 0, patienceMs: 3_600_000 });
    await bench.run({ gate, ...options, retryAll: true });
    return undefined;
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  }
}

function filmFor(scene: SceneName): Buffer {
  if (scene === "small") return Buffer.from("the bytes of z.mov");
  if (scene !== "streamed") return Buffer.alloc(250, "a short film, in three parts; ");
  return Buffer.alloc(streamedBytes, "a film of many pictures; ");
}
