/** One access key the server knows. The list may be changed while the server runs. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  /** When given, requests must carry it as x-amz-security-token. */
  sessionToken?: string;
  /** Every request is answered with 400 ExpiredToken. */
  expired?: boolean;
  /** Actions refused with 403, named as in a policy: "s3:ListBucket", "s3:PutObject", "s3:ListAllMyBuckets", … */
  deniedActions?: string[];
}

/**
 * What a store does where stores differ. A persona ("Garage", "B2", …) is a `Partial<StoreBehavior>`; the default is
 * AWS, with the stricter rules of MinIO where they bite.
 */
export interface StoreBehavior {
  /** `If-None-Match: *` on PutObject and CompleteMultipartUpload: 412 when taken, 501 always, or silently overwritten. */
  conditionalWrites: "honored" | "refused" | "ignored";
  /** False: on CompleteMultipartUpload the condition is overlooked, whatever becomes of it on PutObject. */
  completesConditionally: boolean;
  /** Storage classes that are accepted; others are 400 InvalidStorageClass. */
  storageClasses: readonly string[] | "any";
  /**
   * `filesystem` refuses segments over 255 bytes, empty ones, "." and ".."; `any` takes every key up to 1,024 bytes;
   * `posix` keeps objects as files: a key is a file or a folder, never both.
   */
  keyRules: "filesystem" | "posix" | "any";
  /** Whether x-amz-checksum-* is verified, kept and returned, ignored altogether (a weak store), or answered with 400. */
  checksums: "kept" | "ignored" | "refused";
  /** Whether a HEAD may ask for the checksum; "refused": 400. */
  checksumModeInHead: "honored" | "refused";
  /** ETag of a multipart object: MD5 of the parts' MD5s with their number, or anything. */
  multipartEtag: "md5-of-md5s" | "opaque";
  /** All parts but the last must have one size. */
  equalParts: boolean;
  /** Whether ListMultipartUploads takes any prefix, or only a whole key, as MinIO. */
  uploadsByPrefix: "any" | "whole-key";
  /** A listing shows objects under another object's key. */
  listsKeysUnderObjects: boolean;
  /** Control characters in listings. */
  controlCharactersInListings: "kept" | "replaced";
  /** Requests must be signed for the bucket's region, or for any. */
  region: "bucket" | "any";
  /** Whether HeadBucket tells the bucket's region, and ListBuckets has pages. */
  bucketRegionInHeadBucket: boolean;
  pagedListBuckets: boolean;
  /** The Server header. */
  server: string | undefined;
  /** How a bucket that is full answers every write, and whether it is. */
  quotaAnswer: { status: number; code: string; message: string };
  isFull: boolean;
  /** How it says that it is asked too much. A number of seconds becomes Retry-After. */
  throttleAnswer: { status: number; code: string; retryAfter?: number };
  /** Where it answers otherwise than AWS, by what is wrong: "200" lets it pass. */
  answers: Partial<Record<Situation, string>>;
  /** Whether ListObjectsV2 honors EncodingType=url. */
  encodingTypeUrl: "honored" | "ignored";
  /** Whether ListBuckets names each bucket's region (AWS does, and only for a paged or filtered request). */
  bucketRegionInListBuckets: "when-paged" | "never";
  /** Smallest size of a part that is not the last one. */
  minPartBytes: number;
  maxParts: number;
}

/** What can be wrong with a request, where stores differ in what they say of it. */
export type Situation =
  | "wrongChecksum"
  | "malformedChecksum"
  | "incompleteBody"
  | "unknownAccessKey"
  | "unknownSessionToken"
  | "unsignedHeader"
  | "dotSegment"
  | "leadingSlash"
  | "partWithoutChecksum"
  | "partNumberZero"
  | "completeWithoutChecksums"
  | "completeWithoutParts"
  | "completeInWrongOrder"
  | "completeWithMissingPart"
  | "completeAgain"
  | "completeAgainConditionally"
  | "abortUnknown";

export const awsBehavior: StoreBehavior = {
  conditionalWrites: "honored",
  completesConditionally: true,
  storageClasses: [
    "STANDARD",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
  ],
  keyRules: "filesystem",
  checksums: "kept",
  checksumModeInHead: "honored",
  multipartEtag: "md5-of-md5s",
  equalParts: false,
  uploadsByPrefix: "any",
  listsKeysUnderObjects: true,
  controlCharactersInListings: "kept",
  region: "bucket",
  bucketRegionInHeadBucket: true,
  pagedListBuckets: true,
  server: undefined,
  quotaAnswer: { status: 403, code: "QuotaExceeded", message: "Quota exceeded" },
  isFull: false,
  throttleAnswer: { status: 503, code: "SlowDown" },
  answers: {},
  encodingTypeUrl: "honored",
  bucketRegionInListBuckets: "when-paged",
  minPartBytes: 5 * 1024 * 1024,
  maxParts: 10_000,
};

/**
 * Where bodies are kept: `memory`; `disk` (files in `dir`, objects survive a restart, unfinished multipart uploads
 * don't); `hash-only` (size and hashes only, GetObject is 501: for runs of 100,000 photos).
 */
export type KeepBodies = "memory" | "disk" | "hash-only";

export interface LoopbackOptions {
  accessKeyId: string;
  secretAccessKey: string;
  /** The server's own region, us-east-1 by default; requests must be signed for the region of their bucket. */
  region?: string;
  /** Buckets that exist from the start; a plain name is in the server's region. */
  buckets?: (string | { name: string; region: string })[];
  /** Folder of the bodies for `keepBodies: "disk"`; without it a temporary one that `close()` removes. */
  dir?: string;
  /** `disk` when `dir` is given, `memory` otherwise. */
  keepBodies?: KeepBodies;
  /** 0, the default, takes a free port. Always on 127.0.0.1. */
  port?: number;
  /** Further keys beside the main one. */
  accessKeys?: AccessKey[];
  /** Actions denied to the main key. */
  deniedActions?: string[];
  behavior?: Partial<StoreBehavior>;
  /** The server's clock, for tests of clock skew. */
  now?: () => Date;
}
