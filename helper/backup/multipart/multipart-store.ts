import type { Readable } from "node:stream";
import type { ObjectUpload } from "../object-store.ts";
import type { PreparedSend } from "../prepared-send.ts";

/** A part that the store holds: `etag` as the completion must repeat it. */
export interface StoredPart {
  /** From 1. */
  number: number;
  sizeBytes: number;
  etag: string;
  /** 64 hex digits, computed by the store; not every store does. */
  storeSha256?: string;
}

export interface PartUpload {
  key: string;
  uploadId: string;
  number: number;
  body: Uint8Array | (() => Readable);
  sizeBytes: number;
  sha256Hex: string;
  /** Called with the bytes of this part handed to the network so far. */
  onSent: (sentBytes: number) => void;
}

/** A part that is made and signed, and goes on the wire when it is told to. */
export type PreparedPart = PreparedSend<StoredPart | undefined>;

/**
 * - `stored`: the object is there, and its checksum of checksums is the one of our parts
 * - `unconfirmed`: it is there, but the store returned no checksum of its own; a HEAD must decide
 * - `key-taken`: there is an object under this key already; the upload is still there and must be aborted
 * - `no-such-upload`: completed or aborted before
 * - `start-anew`: the store can't complete it any more
 * - `condition-refused`: the store knows no conditional completion; a look at the key must stand in for it
 */
export type Completion =
  | { kind: "stored"; etag?: string }
  | { kind: "unconfirmed"; etag?: string }
  | { kind: "key-taken" }
  | { kind: "no-such-upload" }
  | { kind: "start-anew" }
  | { kind: "condition-refused" };

export interface CompletionRequest {
  key: string;
  uploadId: string;
  parts: StoredPart[];
  sizeBytes: number;
}

/** An upload that was begun and not completed. */
export interface OpenUpload {
  uploadId: string;
  /** How long ago it was begun, by the store's own clock; whole seconds. Not every store says. */
  ageMs?: number;
}

/** Objects uploaded in parts. Every failure is a `BackupError`; an abort rejects with the signal's reason. */
export interface MultipartStore {
  /** @returns the upload's id */
  create(upload: Omit<ObjectUpload, "body" | "onSent">, signal?: AbortSignal): Promise<string>;
  /** @returns undefined when there is no such upload any more */
  putPart(part: PartUpload, signal?: AbortSignal): Promise<StoredPart | undefined>;
  /** Does all of a `putPart` that can be done while another body is on the wire; undefined where nothing can. */
  preparePart(part: PartUpload, signal?: AbortSignal): PreparedPart | undefined;
  /** All pages. @returns undefined when there is no such upload any more */
  listParts(key: string, uploadId: string, signal?: AbortSignal): Promise<StoredPart[] | undefined>;
  /** Never overwrites where the store honors `If-None-Match: *`. */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion>;
  /** One that is gone already is fine. */
  abort(key: string, uploadId: string, signal?: AbortSignal): Promise<void>;
  /** Uploads begun for exactly this key, by anybody. */
  listUploads(key: string, signal?: AbortSignal): Promise<OpenUpload[]>;
}
