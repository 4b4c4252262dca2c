import type { ObjectHead } from "./object-store.ts";
import type { PhotoContent } from "./read-photo.ts";

/**
 * Invariant 1: an object that was found counts as this photo only when it is proved equal, by the sha256 that was
 * uploaded with it, or by an ETag that is the MD5 of a single unencrypted PUT. The size alone proves nothing.
 */
export async function isSameContent(head: ObjectHead, photo: PhotoContent): Promise<boolean> {
  if (head.sizeBytes !== photo.sizeBytes) return false;
  if (head.sha256) return head.sha256 === photo.sha256Hex;
  const isMd5 = !head.etagIsOpaque && /^[0-9a-f]{32}$/.test(head.etag ?? "");
  return isMd5 && head.etag === (await photo.md5Hex());
}
