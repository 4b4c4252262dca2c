import type { StoreBehavior } from "./loopback-options.ts";
import { S3Error } from "./s3-error.ts";

/** @throws S3Error KeyTooLongError, or MinIO's XMinioInvalidObjectName where keys must fit a file system. */
export function checkKey(key: string, rules: StoreBehavior["keyRules"]): void {
  if (Buffer.byteLength(key) > 1024) throw new S3Error(400, "KeyTooLongError", "Your key is too long");
  if (rules === "any") return;
  if (key.split("/").some(isRefusedSegment) || key.includes("\0")) {
    throw new S3Error(400, "XMinioInvalidObjectName", "Object name contains unsupported characters.");
  }
}

function isRefusedSegment(segment: string, index: number, segments: string[]): boolean {
  // A trailing slash makes the last segment empty: a "folder" object, which MinIO allows.
  if (segment === "") return index < segments.length - 1;
  return segment === "." || segment === ".." || Buffer.byteLength(segment) > 255;
}
