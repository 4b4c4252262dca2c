import type { StoreBehavior } from "./loopback-options.ts";
import { refuse } from "./refuse.ts";
import { S3Error } from "./s3-error.ts";

/** @throws S3Error KeyTooLongError, or MinIO's XMinioInvalidObjectName where keys must fit a file system. */
export function checkKey(key: string, behavior: Pick<StoreBehavior, "keyRules" | "answers">): void {
  if (behavior.keyRules === "posix") return checkFileName(key);
  if (Buffer.byteLength(key) > 1024) throw new S3Error(400, "KeyTooLongError", "Your key is too long");
  if (behavior.keyRules === "any") return;
  const segments = key.split("/");
  if (segments.some((segment) => segment === "." || segment === "..")) refuse(behavior, "dotSegment", invalidName());
  if (segments[0] === "" && segments.length > 1) refuse(behavior, "leadingSlash", invalidName());
  if (segments.slice(1).some(isRefusedSegment) || key.includes("\0")) throw invalidName();
  if (Buffer.byteLength(segments[0] ?? "") > 255) throw invalidName();
}

function isRefusedSegment(segment: string, index: number, segments: string[]): boolean {
  // A trailing slash makes the last segment empty: a "folder" object, which MinIO allows.
  return segment === "" ? index < segments.length - 1 : Buffer.byteLength(segment) > 255;
}

function invalidName(): S3Error {
  return new S3Error(400, "XMinioInvalidObjectName", "Object name contains unsupported characters.");
}

/** versitygw's word for a file name the disk refuses. */
function checkFileName(key: string): void {
  if (!key.split("/").some((segment) => Buffer.byteLength(segment) > 255)) return;
  throw new S3Error(409, "ExistingObjectIsDirectory", "Existing Object is a directory.");
}
