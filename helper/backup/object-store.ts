import type { Readable } from "node:stream";
import type { MultipartStore } from "./multipart/multipart-store.ts";
import type { StoreLimits } from "./multipart/plan-parts.ts";
import type { ObjectBody } from "./object-body.ts";
import type { ListPage } from "./object-listing.ts";
import type { PreparedSend } from "./prepared-send.ts";

/** What a HEAD tells of an object. */
export interface ObjectHead {
  sizeBytes: number;
  /** Without quotes. */
  etag?: string;
  /** 64 hex digits: what the store itself computed over the whole object. */
  storeSha256?: string;
  /** 64 hex digits, from our own metadata; only as trustworthy as whoever wrote the object. */
  sha256?: string;
  /** Set when the store encrypts in a way that makes the ETag something else than an MD5. */
  etagIsOpaque: boolean;
}

export interface ObjectUpload {
  key: string;
  /** The whole content, or a function that opens it anew for every attempt. */
  body: Uint8Array | (() => Readable);
  sizeBytes: number;
  sha256Hex: string;
  contentType: string;
  /** ASCII only. */
  metadata: Record<string, string>;
  /** Called with the bytes handed to the network so far. */
  onSent?: (sentBytes: number) => void;
  /**
   * Called, where the store tells its own checksum, once that proves the upload and nothing of it is on the wire: a little
   * before the outcome is known to the caller, so that the next body need not wait for it.
   */
  onConfirmed?: () => void;
}

/**
 * - `stored`: the store took the bytes and confirmed their size and checksum
 * - `unconfirmed`: it took them, but returned no checksum of its own; a HEAD must decide
 * - `key-taken`: there is an object under this key already; nothing was written
 */
export type PutOutcome =
  { kind: "stored"; etag?: string } | { kind: "unconfirmed"; etag?: string } | { kind: "key-taken" };

/** An upload that is made and signed, and goes on the wire when it is told to. */
export type PreparedPut = PreparedSend<PutOutcome>;

/** What becomes of `If-None-Match: *` at a store: kept to, answered 501, or overlooked; `unknown` until it has shown. */
export type ConditionalWrites = "honored" | "refused" | "ignored" | "unknown";

/** The bucket, as the engine sees it. Every failure is a `BackupError`; an abort rejects with the signal's reason. */
export interface ObjectStore {
  /** Requests sent so far. */
  readonly requestCount: number;
  /** Only `honored` makes a key that is taken meanwhile safe without a fresh HEAD. Set by the probe. */
  conditionalWrites: ConditionalWrites;
  /** What is known of the service beside; set by who opened it. Absent: as S3 has it. */
  limits?: StoreLimits;
  /**
   * Finds out whether the checksum header alone binds a body, and uses it from then on. Writes nothing where it does, and beside
   * `key` nothing over another object where it does not. Uploads that come meanwhile wait for it. A fake may leave it out: then
   * every payload is signed with its hash.
   */
  probeBinding?(key: string, signal?: AbortSignal): Promise<void>;
  /** Whoever opened it has just done so with success: one who asks at once again learns nothing new. */
  isJustChecked?: boolean;
  /** Proves that the bucket is there and may be listed; throws the `BackupError` that says what is wrong. */
  checkBucket(signal?: AbortSignal): Promise<void>;
  head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined>;
  /** Never overwrites where the store honors `If-None-Match: *`. */
  put(upload: ObjectUpload, signal?: AbortSignal): Promise<PutOutcome>;
  /** Does all of a `put` that can be done while another body is on the wire; undefined where nothing can. */
  prepare(upload: ObjectUpload, signal?: AbortSignal): PreparedPut | undefined;
  /** One page of what lies under a prefix, in the order of the keys' UTF-8 bytes. */
  list(prefix: string, continuation?: string, signal?: AbortSignal): Promise<ListPage>;
  /** Begins a download; undefined when there is no such object. */
  read(key: string, signal?: AbortSignal): Promise<ObjectBody | undefined>;
  /** Objects uploaded in parts. */
  readonly multipart: MultipartStore;
  close(): void;
}
