import type { S3Request } from "./s3-request.ts";
import { S3Error } from "./s3-error.ts";

interface OperationRule {
  /** The action of a policy that allows it. */
  action: string;
  method: string;
  level: "service" | "bucket" | "object";
  /** Query parameters that must be there. */
  requires: string[];
  /** Query parameters that may be there; any other is refused with 501. */
  allows: string[];
}

/** What the server can do, named as the SDK's commands are. */
export const operationRules = {
  ListBuckets: {
    action: "s3:ListAllMyBuckets",
    method: "GET",
    level: "service",
    requires: [],
    allows: ["max-buckets", "continuation-token", "prefix", "bucket-region"],
  },
  HeadBucket: { action: "s3:ListBucket", method: "HEAD", level: "bucket", requires: [], allows: [] },
  CreateBucket: { action: "s3:CreateBucket", method: "PUT", level: "bucket", requires: [], allows: [] },
  GetBucketLocation: {
    action: "s3:GetBucketLocation",
    method: "GET",
    level: "bucket",
    requires: ["location"],
    allows: [],
  },
  ListObjectsV2: {
    action: "s3:ListBucket",
    method: "GET",
    level: "bucket",
    requires: ["list-type"],
    allows: ["prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner"],
  },
  ListMultipartUploads: {
    action: "s3:ListBucketMultipartUploads",
    method: "GET",
    level: "bucket",
    requires: ["uploads"],
    allows: ["prefix", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"],
  },
  PutObject: { action: "s3:PutObject", method: "PUT", level: "object", requires: [], allows: [] },
  UploadPart: {
    action: "s3:PutObject",
    method: "PUT",
    level: "object",
    requires: ["partNumber", "uploadId"],
    allows: [],
  },
  GetObject: { action: "s3:GetObject", method: "GET", level: "object", requires: [], allows: [] },
  HeadObject: { action: "s3:GetObject", method: "HEAD", level: "object", requires: [], allows: [] },
  DeleteObject: { action: "s3:DeleteObject", method: "DELETE", level: "object", requires: [], allows: [] },
  CreateMultipartUpload: {
    action: "s3:PutObject",
    method: "POST",
    level: "object",
    requires: ["uploads"],
    allows: [],
  },
  CompleteMultipartUpload: {
    action: "s3:PutObject",
    method: "POST",
    level: "object",
    requires: ["uploadId"],
    allows: [],
  },
  AbortMultipartUpload: {
    action: "s3:AbortMultipartUpload",
    method: "DELETE",
    level: "object",
    requires: ["uploadId"],
    allows: [],
  },
  ListParts: {
    action: "s3:ListMultipartUploadParts",
    method: "GET",
    level: "object",
    requires: ["uploadId"],
    allows: ["max-parts", "part-number-marker"],
  },
} as const satisfies Record<string, OperationRule>;

export type OperationName = keyof typeof operationRules;

/** @throws S3Error 501 NotImplemented for whatever the server doesn't do: nothing passes unnoticed. */
export function classifyOperation(request: S3Request): OperationName {
  const level = request.bucket === undefined ? "service" : request.key === undefined ? "bucket" : "object";
  for (const [name, rule] of Object.entries(operationRules) as [OperationName, OperationRule][]) {
    if (rule.method !== request.method || rule.level !== level) continue;
    const names = [...request.query.keys()].filter((parameter) => parameter !== "x-id");
    if (!rule.requires.every((parameter) => request.query.has(parameter))) continue;
    if (names.every((parameter) => rule.requires.includes(parameter) || rule.allows.includes(parameter))) return name;
  }
  throw new S3Error(
    501,
    "NotImplemented",
    "A header or parameter you provided implies functionality that is not implemented.",
  );
}
