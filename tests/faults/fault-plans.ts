import type { OperationName } from "../support/loopback-s3/classify-operation.ts";
import type { FaultKind } from "../support/loopback-s3/fault-kinds.ts";

/** One way in which a request can go wrong. */
export interface FaultPlan {
  name: string;
  kind: FaultKind;
  /** The requests it can meet; every one of them by default. */
  meets?: readonly OperationName[];
  /**
   * It makes an object that is whole look like other bytes. A second copy beside it is right then: nothing tells it from
   * one that was damaged.
   */
  looksDamaged?: readonly OperationName[];
  /** It says of what is there that it is not. It is told of the photo whose key somebody else holds. */
  lies?: boolean;
  /** How long the store asked to be left alone. The engine keeps to it in full. */
  asksToWaitMs?: number;
}

const bodies: readonly OperationName[] = ["PutObject", "UploadPart"];
const writes: readonly OperationName[] = [
  ...bodies,
  "CreateMultipartUpload",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
];
const documents: readonly OperationName[] = [
  "ListObjectsV2",
  "CreateMultipartUpload",
  "ListParts",
  "CompleteMultipartUpload",
];
const conditional: readonly OperationName[] = ["PutObject", "CompleteMultipartUpload"];
const ofUploads: readonly OperationName[] = [
  "UploadPart",
  "ListParts",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
];
const digests: readonly OperationName[] = [
  "HeadObject",
  "PutObject",
  "UploadPart",
  "ListParts",
  "CompleteMultipartUpload",
];
const answering: readonly OperationName[] = [...documents, ...bodies];

function status(status: number, code: string, more: object = {}): FaultKind {
  return { kind: "status", status, code, ...more };
}

/** The matrix itself takes a minute or two of it. */
const inTenMinutes = () => new Date(Date.now() + 600_000);
const elsewhere = { headers: { location: "http://127.0.0.1:1/elsewhere" } };

/** Everything that is made to go wrong. */
export const faultPlans: readonly FaultPlan[] = [
  { name: "503 Retry-After 77", kind: status(503, "SlowDown", { retryAfter: 77 }), asksToWaitMs: 77_000 },
  {
    name: "503 Retry-After date",
    kind: status(503, "SlowDown", { retryAfter: inTenMinutes() }),
    asksToWaitMs: 300_000,
  },
  { name: "429 Retry-After 9", kind: status(429, "TooManyRequests", { retryAfter: 9 }), asksToWaitMs: 9_000 },
  { name: "503 without words", kind: status(503, "ServiceUnavailable") },
  { name: "500", kind: status(500, "InternalError") },
  { name: "400 RequestTimeout", kind: status(400, "RequestTimeout") },
  { name: "400 wrong payload hash", kind: status(400, "XAmzContentSHA256Mismatch") },
  { name: "403 once", kind: status(403, "AccessDenied") },
  { name: "404 NoSuchBucket", kind: status(404, "NoSuchBucket") },
  {
    name: "404 without a word",
    kind: { kind: "status", status: 404, isBare: true },
    meets: ["HeadObject"],
    lies: true,
  },
  { name: "507 full", kind: status(507, "XMinioStorageFull") },
  { name: "404 NoSuchUpload", kind: status(404, "NoSuchUpload"), meets: ofUploads },
  { name: "409 conflict", kind: status(409, "ConditionalRequestConflict"), meets: conditional },
  { name: "412 for nothing", kind: status(412, "PreconditionFailed"), meets: conditional },
  { name: "501", kind: status(501, "NotImplemented"), meets: conditional },
  { name: "301", kind: status(301, "PermanentRedirect", elsewhere) },
  { name: "307", kind: status(307, "TemporaryRedirect", elsewhere) },
  { name: "308", kind: status(308, "PermanentRedirect", elsewhere) },
  { name: "error in a 200", kind: { kind: "error-in-200" }, meets: answering },
  { name: "HTML page 200", kind: { kind: "html-answer", status: 200 } },
  { name: "HTML page 502", kind: { kind: "html-answer", status: 502 } },
  { name: "stall", kind: { kind: "stall" } },
  { name: "stall in the body", kind: { kind: "stall-mid-body" }, meets: bodies },
  { name: "cut before", kind: { kind: "cut-before-store" } },
  { name: "cut in the body", kind: { kind: "cut-before-store", afterBytes: 3 }, meets: bodies },
  { name: "cut after", kind: { kind: "cut-after-store" }, meets: writes },
  { name: "closed when idle", kind: { kind: "close-after-answer" } },
  { name: "slow answer", kind: { kind: "slow-answer", delayMs: 30 } },
  { name: "endless answer", kind: { kind: "endless-answer" }, meets: answering },
  { name: "half an answer", kind: { kind: "truncated-answer" }, meets: documents },
  { name: "wrong ETag", kind: { kind: "wrong-etag" }, meets: digests },
  {
    name: "wrong checksum",
    kind: { kind: "wrong-checksum" },
    meets: digests,
    looksDamaged: ["HeadObject"],
  },
];
