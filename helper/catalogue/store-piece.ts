import { createHash } from "node:crypto";
import type PQueue from "p-queue";
import { compareContent } from "../backup/compare-content.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectHead, ObjectStore, ObjectUpload } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { PackedPiece } from "./pack-piece.ts";

export interface PieceParts {
  store: ObjectStore;
  gate: DestinationGate;
  /** Concurrency 1, shared with the photos: a piece is a body too (invariant 5). */
  bodies: PQueue;
  /** Ends waiting for the queue or for an outage. */
  waiting: AbortSignal;
  /** Ends the body on the wire too. */
  aborting: AbortSignal;
}

/** `taken`: something else lies under the key, with this sha256 where it names one. */
export type StoreOutcome = { kind: "stored" } | { kind: "taken"; sha256: string | undefined };

/**
 * Puts a piece under its key, never over another one (invariant 3), and returns only once the store has proved that it
 * holds these bytes. A lost answer to our own upload is recognized.
 * @throws BackupError what kept it from being stored
 */
export async function storePiece(key: string, packed: PackedPiece, parts: PieceParts): Promise<StoreOutcome> {
  const { store, gate, bodies, waiting, aborting } = parts;
  const put = async (triesBefore: number): Promise<StoreOutcome> => {
    if (triesBefore > 0 || store.conditionalWrites !== "honored") {
      const there = await store.head(key, aborting);
      if (there) return outcomeOf(there, packed);
    }
    const outcome = await store.put(uploadOf(key, packed), aborting);
    if (outcome.kind === "stored") return outcome;
    const head = await store.head(key, aborting);
    if (outcome.kind === "key-taken" && head) return outcomeOf(head, packed);
    if (head && (await isProved(head, packed))) return { kind: "stored" };
    throw new BackupError("unconfirmed-upload", { detail: key });
  };
  return bodies.add(() => {
    waiting.throwIfAborted();
    return gate.run(put, waiting);
  });
}

async function outcomeOf(head: ObjectHead, packed: PackedPiece): Promise<StoreOutcome> {
  if (await isProved(head, packed)) return { kind: "stored" };
  return { kind: "taken", sha256: head.storeSha256 ?? head.sha256 };
}

async function isProved(head: ObjectHead, { bytes, sha256Hex }: PackedPiece): Promise<boolean> {
  const md5Hex = async () => createHash("md5").update(bytes).digest("hex");
  const content = { sha256Hex, sizeBytes: bytes.length, contentType: "", body: bytes, md5Hex };
  return (await compareContent(head, content, { ourClaim: "trusted" })) === "same";
}

function uploadOf(key: string, { bytes, sha256Hex }: PackedPiece): ObjectUpload {
  return {
    key,
    body: bytes,
    sizeBytes: bytes.length,
    sha256Hex,
    contentType: "application/gzip",
    metadata: { "photolala-format": "1", sha256: sha256Hex },
  };
}
