import type { ObjectHead } from "./object-store.ts";
import type { PhotoContent } from "./read-photo.ts";

/**
 * Invariant 1: an object that was found counts as this photo only when it is proved equal, by the sha256 that was
 * uploaded with it, or by an ETag that is the MD5 of a single unencrypted PUT. The size alone proves nothing.
 *
 * The sha256 is what the uploader claimed; an MD5 is what the store computed. Where both are there both must agree:
 * an upload that arrived damaged left our own claim on the damaged object.
 * @param options.trustsClaim false after an upload of this photo that the store could not confirm
 */
export async function isSameContent(
  head: ObjectHead,
  photo: PhotoContent,
  { trustsClaim = true }: { trustsClaim?: boolean } = {},
): Promise<boolean> {
  if (head.sizeBytes !== photo.sizeBytes) return false;
  if (head.sha256 && head.sha256 !== photo.sha256Hex) return false;
  const isMd5 = !head.etagIsOpaque && /^[0-9a-f]{32}$/i.test(head.etag ?? "");
  if (isMd5) return head.etag?.toLowerCase() === (await photo.md5Hex());
  return trustsClaim && head.sha256 !== undefined;
}
