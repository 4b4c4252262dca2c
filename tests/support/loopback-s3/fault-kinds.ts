import type { OperationName } from "./classify-operation.ts";

export interface FaultMatch {
  method?: string;
  /** Named as the SDK's command: "PutObject", "HeadObject", "ListObjectsV2", … */
  operation?: OperationName;
  /** A part of the key, or a pattern it must match. */
  keyPattern?: string | RegExp;
  /** From the nth matching request on (1, the default, is the first after `add`). */
  nth?: number;
}

/** What goes wrong. Those of the first group decide the request's outcome; those of the second go along with others. */
export type FaultKind =
  /** An S3 error in place of the operation. A number of seconds or a date becomes Retry-After. */
  | {
      kind: "status";
      status: number;
      code?: string;
      message?: string;
      retryAfter?: number | Date;
      headers?: Record<string, string>;
      /** Without the document that says what is wrong, as a proxy in trouble answers. */
      isBare?: boolean;
    }
  /** Status 200 with an error document for a body, as S3 gives it when a long operation fails late. Nothing is done. */
  | { kind: "error-in-200"; code?: string }
  /** The request and its body are taken, and no answer ever comes. Nothing is stored. */
  | { kind: "stall" }
  /** A body (sent or delivered) stops after so many bytes, half of it by default, and the connection stays open. */
  | { kind: "stall-mid-body"; afterBytes?: number }
  /** The connection is cut, after so many bytes of the body or after the whole, and nothing is stored. */
  | { kind: "cut-before-store"; afterBytes?: number }
  /** The operation is done, the object is stored, and the connection is cut before the answer. */
  | { kind: "cut-after-store" }
  /** GetObject promises the whole length, delivers so many bytes (half by default) and cuts the connection. */
  | { kind: "truncate-read"; deliverBytes?: number }
  /** A page that isn't S3's, as a captive portal or proxy sends it; 200 by default. */
  | { kind: "html-answer"; status?: number }
  | FaultModifier;

type FaultModifier =
  /** Bodies pass at this rate in both directions. */
  | { kind: "slow"; bytesPerSecond: number }
  /** The answer's ETag belongs to other bytes. */
  | { kind: "wrong-etag" }
  /** Checksums in the answer, headers and XML, belong to other bytes. */
  | { kind: "wrong-checksum" }
  /** The connection is closed when the answer is through, although it promised to stay. */
  | { kind: "close-after-answer" }
  /** The answer comes late. */
  | { kind: "slow-answer"; delayMs: number }
  /** The answer's document is cut in its middle, with a Content-Length that fits what is left. */
  | { kind: "truncated-answer" }
  /** The answer's body goes on for ever. */
  | { kind: "endless-answer" }
  /** If-None-Match is ignored: a taken key is overwritten. Fires only for requests that carry the header. */
  | { kind: "ignore-if-none-match" }
  /** If-None-Match is refused with 501. Fires only for requests that carry the header. */
  | { kind: "refuse-if-none-match" };

export type FaultOf<K extends FaultKind["kind"]> = Extract<FaultKind, { kind: K }>;

export const modifierKinds: ReadonlySet<FaultKind["kind"]> = new Set<FaultModifier["kind"]>([
  "slow",
  "wrong-etag",
  "wrong-checksum",
  "close-after-answer",
  "slow-answer",
  "truncated-answer",
  "endless-answer",
  "ignore-if-none-match",
  "refuse-if-none-match",
]);
