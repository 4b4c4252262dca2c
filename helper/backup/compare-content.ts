import type { ObjectHead } from "./object-store.ts";
import type { PhotoContent } from "./read-photo.ts";

/**
 * What our own sha256 on an object is worth. `doubted`: an upload of this photo was not confirmed; `disproved`: the
 * store received other bytes than we sent.
 */
export interface Proof {
  ourClaim: "trusted" | "doubted" | "disproved";
}

/**
 * Invariant 1: an object that was found counts as this photo only when it is proved equal: by the SHA-256 that the store
 * computed, by an ETag that is the MD5 of a single unencrypted PUT, or by the sha256 that was uploaded with it. The size
 * alone proves nothing.
 *
 * The last is only what the uploader claimed: an upload that arrived damaged left our own claim on the damaged object.
 * An ETag that looks like an MD5 and is another one speaks against it, but some stores' ETags are no MD5 at all: then
 * nothing is proved either way.
 */
export async function compareContent(
  head: ObjectHead,
  photo: PhotoContent,
  { ourClaim }: Proof,
): Promise<"same" | "different" | "unproven"> {
  if (head.sizeBytes !== photo.sizeBytes) return "different";
  if (head.storeSha256) return head.storeSha256 === photo.sha256Hex ? "same" : "different";
  if (head.sha256 && head.sha256 !== photo.sha256Hex) return "different";
  const looksLikeMd5 = !head.etagIsOpaque && /^[0-9a-f]{32}$/i.test(head.etag ?? "");
  if (looksLikeMd5 && head.etag?.toLowerCase() === (await photo.md5Hex())) return "same";
  if (head.sha256 === undefined || ourClaim === "disproved") return "different";
  return looksLikeMd5 || ourClaim === "doubted" ? "unproven" : "same";
}
