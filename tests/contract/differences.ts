import type { ServerFactory } from "./server-under-test.ts";
import type { StoreDifferences } from "./store-differences.ts";

const loopback: StoreDifferences = {
  conditionalCreate: "200",
  conditionalOverwrite: "412 PreconditionFailed",
  rightChecksum: "200",
  returnsChecksums: true,
  namesChecksumType: true,
  headWithChecksumMode: "200",
  bucketExists: "409 BucketAlreadyOwnedByYou",
  listMissingBucket: "404 NoSuchBucket",
  conditionOnOtherForm: "200",
  createWithChecksum: "200",
  keepsPartChecksums: true,
  markerAfterPartOne: "1",
  multipartEtag: "md5-of-md5s",
  wrongPartChecksum: "400 BadDigest",
  completeOverObject: "412 PreconditionFailed",
  completeWithWrongEtag: "400 InvalidPart",
  completeWithWrongPartChecksum: "400 InvalidPart",
  completeWithWrongChecksum: "400 BadDigest",
  completeSmallParts: "400 EntityTooSmall",
  listPartsOfOtherKey: "404 NoSuchUpload",
  listPartsAfterComplete: "404 NoSuchUpload",
  partNumberTooHigh: "400 InvalidArgument",
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
  wrongPartChecksum: "400 XAmzContentChecksumMismatch",
  completeWithWrongChecksum: "400 XAmzContentChecksumMismatch",
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

/** A weak store: it checks a PUT's digests, but neither the signed hash of the payload nor anything about parts. */
const rclone: StoreDifferences = {
  ...loopback,
  namesChecksumType: false,
  bucketExists: "409 BucketAlreadyExists",
  wrongPayloadHash: "200",
  missingLength: "200",
  incompleteBody: "500 InternalError",
  unknownStorageClass: "200",
  unknownSessionToken: "200",
  wrongRegion: "200",
  bucketRegionInListBuckets: false,
  listBucketsIsPaged: true,
  bucketRegionInHeadBucket: false,
  conditionOnOtherForm: "412 PreconditionFailed",
  keyOutcomes: {
    segment256: "500 InternalError",
    key1025: "400 KeyTooLongError",
    dotSegment: "400 InvalidArgument",
    emptySegment: "400 InvalidArgument",
    leadingSlash: "400 InvalidArgument",
    folderWithBytes: "400 InvalidArgument",
  },
  keyUnderObject: "400 InvalidRequest",
  keyOfFolder: "400 InvalidRequest",
  listsKeysUnderObject: false,
  keepsPartChecksums: false,
  multipartEtag: "md5",
  markerAfterPartOne: "2",
  wrongPartChecksum: "200",
  completeWithWrongPartChecksum: "200",
  completeWithoutChecksums: "200",
  completeWithWrongChecksum: "200",
  completeSmallParts: "200",
  completeWithoutParts: "400 InvalidPart",
  partWithoutChecksum: "200",
  partNumberZero: "400 InvalidPart",
  partNumberTooHigh: "400 InvalidPart",
  completeAgain: "200",
  completeAgainConditionally: "200",
};

/** Without rules for the segments of keys. */
const anyKey: StoreDifferences["keyOutcomes"] = {
  segment256: "200",
  key1025: "400 KeyTooLongError",
  dotSegment: "200",
  emptySegment: "200",
  leadingSlash: "200",
  folderWithBytes: "200",
};

const aws: StoreDifferences = { ...loopback, keyOutcomes: anyKey };

const completesOver = { completeOverObject: "200" };
const overwrites = { conditionalOverwrite: "200", completeOverObject: "200" };

const ignoresChecksums = {
  returnsChecksums: false,
  namesChecksumType: false,
  wrongChecksum: "200",
  malformedChecksum: "200",
  keepsPartChecksums: false,
  wrongPartChecksum: "200",
  partWithoutChecksum: "200",
  completeWithWrongPartChecksum: "200",
  completeWithoutChecksums: "200",
  completeWithWrongChecksum: "200",
};

const software = {
  bucketRegionInListBuckets: false,
  bucketRegionInHeadBucket: false,
  wrongRegion: "200",
};

const anyClass = { unknownStorageClass: "200" };
const plainListing = { honorsEncodingType: false };
const opaqueParts = { multipartEtag: "opaque" as const };

const r2 = { ...aws, ...software, ...ignoresChecksums, ...plainListing };

const b2: StoreDifferences = {
  ...aws,
  ...software,
  ...ignoresChecksums,
  ...opaqueParts,
  ...plainListing,
  wrongRegion: loopback.wrongRegion,
  conditionalCreate: "501 NotImplemented",
  conditionalOverwrite: "501 NotImplemented",
  conditionOnOtherForm: "501 NotImplemented",
  completeOverObject: "501 NotImplemented",
  rightChecksum: "400 InvalidArgument",
  wrongChecksum: "400 InvalidArgument",
  malformedChecksum: "400 InvalidArgument",
  wrongPartChecksum: "400 InvalidArgument",
  createWithChecksum: "400 InvalidArgument",
  headWithChecksumMode: "400 Unknown",
  infrequentAccess: "400 InvalidStorageClass",
};

const wasabi = { ...aws, ...ignoresChecksums, ...overwrites, ...anyClass, bucketRegionInListBuckets: false };
const ceph = { ...aws, ...software, ...ignoresChecksums, ...anyClass, ...plainListing, ...completesOver };
const garage = {
  ...aws,
  ...software,
  ...overwrites,
  ...anyClass,
  wrongRegion: loopback.wrongRegion,
  wrongChecksum: "400 InvalidDigest",
  wrongPartChecksum: "400 InvalidDigest",
  completeWithWrongChecksum: "400 InvalidDigest",
};
const seaweedfs = { ...aws, ...software, ...anyClass, ...completesOver };
const gcs = { ...aws, ...software, ...ignoresChecksums, ...overwrites, ...anyClass, ...opaqueParts };

const scaleway = {
  ...aws,
  ...ignoresChecksums,
  ...overwrites,
  ...anyClass,
  ...opaqueParts,
  ...plainListing,
  bucketRegionInListBuckets: false,
};

const played = { aws, r2, b2, wasabi, ceph, garage, seaweedfs, gcs, scaleway };

export const differencesOf: Record<ServerFactory["name"], StoreDifferences> = {
  loopback,
  minio,
  versitygw,
  rclone,
  ...played,
};
