/**
 * Where stores differ, as outcomes: "200", or status and error name as the SDK gives them. What isn't in this table is
 * the same everywhere. Found by running the contract, not by reading documentation.
 */
export interface StoreDifferences {
  /** PutObject with `If-None-Match: *` on a free key, and on one that is taken. */
  conditionalCreate: string;
  conditionalOverwrite: string;
  /** PutObject with a right x-amz-checksum-sha256 or -crc32. */
  rightChecksum: string;
  /** The checksum comes back in the answer, and in a HEAD that asks for it. */
  returnsChecksums: boolean;
  /** FULL_OBJECT beside it. */
  namesChecksumType: boolean;
  /** A HEAD with x-amz-checksum-mode: ENABLED, of an object that is there. */
  headWithChecksumMode: string;
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
  /** CreateBucket of one that we own. */
  bucketExists: string;
  listMissingBucket: string;
  bucketRegionInListBuckets: boolean;
  listBucketsIsPaged: boolean;
  /** HeadBucket answers x-amz-bucket-region. */
  bucketRegionInHeadBucket: boolean;
  /** ListObjectsV2 honors EncodingType=url; otherwise keys come as they are, whatever was asked for. */
  honorsEncodingType: boolean;
  /** A control character in a key comes back from a listing (from others as U+FFFD). */
  listsControlCharacters: boolean;
  /** `If-None-Match: *` for a key with "é" in two characters beside one with it in one: rclone looks at both alike. */
  conditionOnOtherForm: string;
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
  /** CreateMultipartUpload that announces SHA-256. */
  createWithChecksum: string;
  /** ListParts, CompleteMultipartUpload and HEAD give the parts' and the composite SHA-256. */
  keepsPartChecksums: boolean;
  /** NextPartNumberMarker of a first page that ends with part 1: S3 gives 1, and goes on after it. */
  markerAfterPartOne: string;
  /** ETag of a multipart object: MD5 of the parts' MD5s with their number, or something else. */
  multipartEtag: "md5-of-md5s" | "md5" | "opaque";
  wrongPartChecksum: string;
  /** CompleteMultipartUpload on a taken key with `If-None-Match: *`. */
  completeOverObject: string;
  completeWithWrongEtag: string;
  completeWithWrongPartChecksum: string;
  completeWithWrongChecksum: string;
  completeSmallParts: string;
  listPartsOfOtherKey: string;
  /** ListParts of an upload that is done. */
  listPartsAfterComplete: string;
  partNumberTooHigh: string;
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
