import { providerProfiles } from "../../../helper/probe/provider-profiles.ts";
import type { ProviderId, ProviderProfile } from "../../../helper/probe/provider-profile.ts";
import type { StoreBehavior } from "./loopback-options.ts";

/**
 * Each service as the loopback plays it. What the declared table knows is taken from there; what nobody documents is
 * played at its weakest, because that is what the engine must live with.
 */
export function personaOf(id: ProviderId): Partial<StoreBehavior> {
  return { ...declared(providerProfiles[id]), ...own[id] };
}

function declared(profile: ProviderProfile): Partial<StoreBehavior> {
  const { conditionalWrites, sha256Header, sha256InHead, multipartEtag, storageClasses } = profile;
  const { encodingTypeUrl, maxParts, equalParts, conditionalCompletion } = profile;
  const checksums = { verified: "kept", refused: "refused", ignored: "ignored", unknown: "ignored" } as const;
  const classes = storageClasses.value;
  return {
    conditionalWrites: conditionalWrites.value === "unknown" ? "ignored" : conditionalWrites.value,
    completesConditionally: conditionalCompletion.value === "honored",
    checksums: checksums[sha256Header.value],
    checksumModeInHead: sha256InHead.value === "refused" ? "refused" : "honored",
    multipartEtag: multipartEtag.value === "md5-of-md5s" ? "md5-of-md5s" : "opaque",
    storageClasses: classes === "unknown" ? "any" : classes,
    encodingTypeUrl: encodingTypeUrl.value === "honored" ? "honored" : "ignored",
    maxParts: maxParts.value,
    equalParts: equalParts.value,
  };
}

const software = { bucketRegionInListBuckets: "never", bucketRegionInHeadBucket: false, region: "any" } as const;
const anyKey = { keyRules: "any" } as const;

/** What the table does not hold: how each says no, and what it tells of itself. */
const own: Record<ProviderId, Partial<StoreBehavior>> = {
  aws: { ...anyKey, server: "AmazonS3" },
  minio: {
    ...software,
    server: "MinIO",
    pagedListBuckets: false,
    uploadsByPrefix: "whole-key",
    listsKeysUnderObjects: false,
    quotaAnswer: { status: 400, code: "XMinioAdminBucketQuotaExceeded", message: "Bucket quota exceeded" },
    throttleAnswer: { status: 503, code: "SlowDownWrite", retryAfter: 60 },
    answers: {
      wrongChecksum: "400 XAmzContentChecksumMismatch",
      malformedChecksum: "400 InvalidArgument",
      incompleteBody: "499 ClientDisconnected",
      unknownSessionToken: "403 InvalidTokenId",
      unsignedHeader: "200",
      dotSegment: "400 XMinioInvalidResourceName",
      leadingSlash: "200",
      partWithoutChecksum: "400 InvalidArgument",
      partNumberZero: "400 InvalidPart",
      completeWithoutChecksums: "400 InvalidPart",
      completeWithoutParts: "400 InvalidRequest",
      completeAgainConditionally: "412 PreconditionFailed",
      abortUnknown: "204",
    },
  },
  versitygw: {
    server: "VERSITYGW",
    keyRules: "posix",
    controlCharactersInListings: "replaced",
    quotaAnswer: { status: 403, code: "QuotaExceeded", message: "Your request was denied due to quota exceeded." },
    answers: {
      incompleteBody: "500 InternalError",
      unknownAccessKey: "404 XAdminUserNotFound",
      completeInWrongOrder: "400 EntityTooSmall",
      completeWithMissingPart: "400 EntityTooSmall",
      completeAgain: "200",
    },
  },
  r2: {
    ...software,
    ...anyKey,
    server: "cloudflare",
    throttleAnswer: { status: 429, code: "TooManyRequests" },
  },
  b2: {
    ...software,
    ...anyKey,
    region: "bucket",
    quotaAnswer: {
      status: 403,
      code: "AccessDenied",
      message: "Cannot upload files, storage cap exceeded. See the Caps & Alerts page.",
    },
    throttleAnswer: { status: 503, code: "SlowDown", retryAfter: 5 },
  },
  wasabi: { ...anyKey, region: "bucket", bucketRegionInListBuckets: "never", server: "WasabiS3/7.10" },
  ceph: { ...software, ...anyKey, server: "Ceph Object Gateway (squid)" },
  garage: {
    ...software,
    ...anyKey,
    region: "bucket",
    answers: { wrongChecksum: "400 InvalidDigest" },
    quotaAnswer: {
      status: 403,
      code: "AccessDenied",
      message: "Forbidden: Object quota is reached, maximum objects for this bucket: 3",
    },
  },
  seaweedfs: {
    ...software,
    ...anyKey,
    server: "SeaweedFS 30GB 3.97",
    // Its quota makes the bucket read-only: nothing tells it from a missing permission.
    quotaAnswer: { status: 403, code: "AccessDenied", message: "Access Denied." },
    throttleAnswer: { status: 503, code: "ErrTooManyRequest" },
  },
  gcs: { ...software, ...anyKey, server: "UploadServer", throttleAnswer: { status: 429, code: "TooManyRequests" } },
  scaleway: { ...anyKey, region: "bucket", bucketRegionInListBuckets: "never" },
};
