import type { ListedObject } from "../backup/object-listing.ts";
import type { ObjectHead } from "../backup/object-store.ts";
import type { ExpectedObject } from "./expected-object.ts";

/**
 * - `present`: it is there with the size and ETag noted when it was proved, or with the same SHA-256
 * - `missing`: the store says that there is no such object
 * - `changed`: it holds other bytes
 * - `unproved`: it is there, and nothing but reading its bytes could tell
 */
export type Verdict = "present" | "missing" | "changed" | "unproved";

/** Whether a listing is enough. What it leaves open a HEAD decides. */
export function isAsListed(expected: ExpectedObject, listed: ListedObject): boolean {
  if (expected.wasGone || expected.etag === undefined) return false;
  const isSize = expected.isEncrypted || listed.sizeBytes === expected.sizeBytes;
  return isSize && listed.etag === expected.etag;
}

/**
 * What a HEAD says of an object. The SHA-256 in its metadata is only what its uploader claimed: it clears up a missing or
 * opaque ETag, but an ETag that looks like an MD5 and is another one speaks against it.
 */
export function compareHead(expected: ExpectedObject, head: ObjectHead | undefined): Verdict {
  if (!head) return "missing";
  if (expected.isEncrypted) return head.etag === expected.etag ? "present" : "unproved";
  if (head.sizeBytes !== expected.sizeBytes) return "changed";
  const { sha256, etag } = expected;
  if (head.storeSha256 && sha256) return head.storeSha256 === sha256 ? "present" : "changed";
  if (head.sha256 && sha256 && head.sha256 !== sha256) return "changed";
  if (etag !== undefined && head.etag === etag) return "present";
  const isClaimed = sha256 !== undefined && head.sha256 === sha256;
  if (etag === undefined) return isClaimed ? "present" : "unproved";
  if (isMd5(etag) && isMd5(head.etag) && !head.etagIsOpaque) return isClaimed ? "unproved" : "changed";
  return isClaimed ? "present" : "unproved";
}

function isMd5(etag: string | undefined): boolean {
  return /^[0-9a-f]{32}$/i.test(etag ?? "");
}
