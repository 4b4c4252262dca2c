/** What is known of a provider, and from where. A probe of the bucket itself always wins. */
export interface Fact<Value> {
  value: Value;
  /** "measured" (by our contract suite or a probe), a documentation page, an issue, or "unknown". */
  source: string;
}

export type ProviderId =
  "aws" | "minio" | "versitygw" | "r2" | "b2" | "wasabi" | "ceph" | "garage" | "seaweedfs" | "gcs" | "scaleway";

/** `If-None-Match: *` on PutObject: kept to, answered with an error, or overlooked. */
export type DeclaredCondition = "honored" | "refused" | "ignored" | "unknown";

/**
 * `x-amz-checksum-sha256` on an upload: a wrong one is refused (`verified`), the header itself is refused (`refused`),
 * or nobody looks at it (`ignored`).
 */
export type DeclaredChecksum = "verified" | "refused" | "ignored" | "unknown";

/** How a full bucket or a used-up quota is answered. */
export interface QuotaSignal {
  status: number;
  code: string;
  /** Words of the message that tell it from other answers with this code; absent where the code says it all. */
  words?: string;
}

/** The differences between S3 services that matter to a backup. */
export interface ProviderProfile {
  id: ProviderId;
  name: string;
  /** Hosts of its endpoints; empty for software that anybody runs anywhere. */
  hosts: readonly RegExp[];
  /** Its `Server` header, where it sends a telling one. */
  server?: RegExp;
  conditionalWrites: Fact<DeclaredCondition>;
  /** The same on CompleteMultipartUpload: where it is not surely kept to, a HEAD comes right before. */
  conditionalCompletion: Fact<DeclaredCondition>;
  /** The answer to a condition that is refused. */
  conditionalRefusal?: { status: number; code: string };
  sha256Header: Fact<DeclaredChecksum>;
  /** The answer to a checksum header that is refused. */
  sha256Refusal?: { status: number; code: string };
  /** Whether a HEAD with `x-amz-checksum-mode: ENABLED` gives the SHA-256; "refused": it is answered with 400. */
  sha256InHead: Fact<"yes" | "no" | "refused" | "unknown">;
  /** ETag of a single unencrypted PUT. */
  etag: Fact<"md5" | "opaque" | "unknown">;
  /** ETag of a multipart upload: MD5 of the parts' MD5s and "-n", or anything. */
  multipartEtag: Fact<"md5-of-md5s" | "opaque" | "unknown">;
  /** Storage classes it takes; "any": takes every name; "unknown": ask. */
  storageClasses: Fact<readonly string[] | "any" | "unknown">;
  maxParts: Fact<number>;
  /** Every part but the last must have the same size. */
  equalParts: Fact<boolean>;
  /** Whether listings honor EncodingType=url. */
  encodingTypeUrl: Fact<"honored" | "ignored" | "unknown">;
  /** Empty: it has no quota that could be met. */
  quotaSignals: Fact<readonly QuotaSignal[]>;
  /** Whether requests must be signed for the bucket's own region, and where to find it. */
  region: Fact<string>;
  addressing: Fact<"path" | "virtual-host">;
  /** What it says about waiting when it throttles. */
  retryAfter: Fact<"sent" | "not sent" | "unknown">;
}
