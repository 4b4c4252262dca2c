import type { ServerFactory } from "./server-under-test.ts";

/**
 * Where stores differ, as outcomes: "200", or status and error name as the SDK gives them. What isn't in this table is
 * the same everywhere. Found by running the contract, not by reading documentation.
 */
export interface StoreDifferences {
  /** A ChecksumSHA256 or CRC32 that isn't the body's. */
  wrongChecksum: string;
  /** A ChecksumSHA256 that isn't a SHA-256 at all. */
  malformedChecksum: string;
  /** A body that isn't what x-amz-content-sha256 says. */
  wrongPayloadHash: string;
  /** No Content-Length. */
  missingLength: string;
  /** A body that ends before its Content-Length. */
  incompleteBody: string;
  /** StorageClass STANDARD_IA, and one that doesn't exist. */
  infrequentAccess: string;
  unknownStorageClass: string;
  /** An access key id nobody has. versitygw says 404, and then a HEAD looks just like a missing photo or bucket. */
  unknownAccessKey: string;
  unknownAccessKeyHead: string;
  /** Signed for a region the bucket isn't in; MinIO without a configured region takes any. */
  wrongRegion: string;
  unknownSessionToken: string;
  /** An amz header that isn't part of the signature. */
  unsignedHeader: string;
  bucketRegionInListBuckets: boolean;
  listBucketsIsPaged: boolean;
  /** HeadBucket answers x-amz-bucket-region. */
  bucketRegionInHeadBucket: boolean;
  /** ListObjectsV2 honors EncodingType=url; otherwise keys come as they are, whatever was asked for. */
  honorsEncodingType: boolean;
  /** A control character in a key comes back from a listing (from others as U+FFFD). */
  listsControlCharacters: boolean;
  /** Keys that break the rules of some store, by name. */
  keyOutcomes: Record<
    "segment256" | "key1025" | "dotSegment" | "emptySegment" | "leadingSlash" | "folderWithBytes",
    string
  >;
  /** PUT of a key under an existing object's key, and of a key that is a folder of others. */
  keyUnderObject: string;
  keyOfFolder: string;
  /** Whether a listing shows the objects under an object's key. MinIO keeps them, but doesn't list them. */
  listsKeysUnderObject: boolean;
  partWithoutChecksum: string;
  partNumberZero: string;
  completeWithoutChecksums: string;
  completeInWrongOrder: string;
  completeWithMissingPart: string;
  completeWithoutParts: string;
  /** CompleteMultipartUpload once more, after it was done; with and without If-None-Match: *. */
  completeAgain: string;
  completeAgainConditionally: string;
  abortUnknown: string;
  /** ListMultipartUploads takes a prefix that isn't a whole key. */
  listsUploadsByPrefix: boolean;
}

const loopback: StoreDifferences = {
  wrongChecksum: "400 BadDigest",
  malformedChecksum: "400 InvalidRequest",
  wrongPayloadHash: "400 XAmzContentSHA256Mismatch",
  missingLength: "411 MissingContentLength",
  incompleteBody: "400 IncompleteBody",
  infrequentAccess: "200",
  unknownStorageClass: "400 InvalidStorageClass",
  unknownAccessKey: "403 InvalidAccessKeyId",
  unknownAccessKeyHead: "403 Unknown",
  wrongRegion: "400 AuthorizationHeaderMalformed",
  unknownSessionToken: "400 InvalidToken",
  unsignedHeader: "403 AccessDenied",
  bucketRegionInListBuckets: true,
  listBucketsIsPaged: true,
  bucketRegionInHeadBucket: true,
  honorsEncodingType: true,
  listsControlCharacters: true,
  keyOutcomes: {
    segment256: "400 XMinioInvalidObjectName",
    key1025: "400 KeyTooLongError",
    dotSegment: "400 XMinioInvalidObjectName",
    emptySegment: "400 XMinioInvalidObjectName",
    leadingSlash: "400 XMinioInvalidObjectName",
    folderWithBytes: "200",
  },
  keyUnderObject: "200",
  keyOfFolder: "200",
  listsKeysUnderObject: true,
  partWithoutChecksum: "400 InvalidRequest",
  partNumberZero: "400 InvalidArgument",
  completeWithoutChecksums: "400 InvalidRequest",
  completeInWrongOrder: "400 InvalidPartOrder",
  completeWithMissingPart: "400 InvalidPart",
  completeWithoutParts: "400 MalformedXML",
  completeAgain: "404 NoSuchUpload",
  completeAgainConditionally: "404 NoSuchUpload",
  abortUnknown: "404 NoSuchUpload",
  listsUploadsByPrefix: true,
};

const minio: StoreDifferences = {
  ...loopback,
  wrongChecksum: "400 XAmzContentChecksumMismatch",
  malformedChecksum: "400 InvalidArgument",
  incompleteBody: "499 ClientDisconnected",
  infrequentAccess: "400 InvalidStorageClass",
  wrongRegion: "200",
  unknownSessionToken: "403 InvalidTokenId",
  unsignedHeader: "200",
  bucketRegionInListBuckets: false,
  listBucketsIsPaged: false,
  bucketRegionInHeadBucket: false,
  keyOutcomes: {
    ...loopback.keyOutcomes,
    dotSegment: "400 XMinioInvalidResourceName",
    leadingSlash: "200",
  },
  listsKeysUnderObject: false,
  partWithoutChecksum: "400 InvalidArgument",
  partNumberZero: "400 InvalidPart",
  completeWithoutChecksums: "400 InvalidPart",
  completeWithoutParts: "400 InvalidRequest",
  completeAgainConditionally: "412 PreconditionFailed",
  abortUnknown: "204",
  listsUploadsByPrefix: false,
};

const versitygw: StoreDifferences = {
  ...loopback,
  incompleteBody: "500 InternalError",
  unknownStorageClass: "200",
  unknownAccessKey: "404 XAdminUserNotFound",
  unknownAccessKeyHead: "404 NotFound",
  honorsEncodingType: false,
  listsControlCharacters: false,
  keyOutcomes: {
    // 400 KeyTooLongError once the folder it lies in exists.
    segment256: "409 ExistingObjectIsDirectory",
    key1025: "200",
    dotSegment: "200",
    emptySegment: "200",
    leadingSlash: "200",
    folderWithBytes: "400 DirectoryObjectContainsData",
  },
  keyUnderObject: "409 ObjectParentIsFile",
  keyOfFolder: "409 ExistingObjectIsDirectory",
  listsKeysUnderObject: false,
  completeInWrongOrder: "400 EntityTooSmall",
  completeWithMissingPart: "400 EntityTooSmall",
  completeAgain: "200",
  completeAgainConditionally: "200",
};

export const differencesOf: Record<ServerFactory["name"], StoreDifferences> = { loopback, minio, versitygw };
