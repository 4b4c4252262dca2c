import type { PhotoParts } from "./back-up-photo.ts";
import type { Candidate } from "./candidate.ts";
import { compareContent, type Proof } from "./compare-content.ts";
import { findPlace, type Place } from "./find-place.ts";
import type { KnownObject } from "./known-contents.ts";
import type { ObjectHead } from "./object-store.ts";
import { wholeReadBytesMost, type PhotoContent } from "./read-photo.ts";

/** Where a photo is or may go; `original` is the recorded photo whose object it shares. */
export type Found = Place & { original?: KnownObject };

interface LookingFor {
  candidate: Candidate;
  photo: PhotoContent;
  keys: string[];
  proof: Proof;
  parts: PhotoParts;
}

/**
 * Looks for a photo with as few requests as it can: first in what is known of the bucket, then at the object that holds
 * the same bytes under another path, then key by key.
 * @throws BackupError as `findPlace` does
 */
export async function lookForPhoto(looking: LookingFor): Promise<Found> {
  const { candidate, photo, keys, proof, parts } = looking;
  const head = (key: string) => parts.gate.run(() => parts.store.head(key, parts.stopping), parts.stopping);
  const shown = async (key: string) => provenHead(parts.view?.find(key), photo, proof);
  // Its own object comes first: nothing is gained by leaving it to nobody.
  const atHome = await shown(keys[0] as string);
  if (atHome) return findPlace(keys, photo, async () => atHome, proof);

  const recorded = parts.known.find(photo, candidate.path);
  const known = recorded ?? parts.view?.findByContent(photo.sha256Hex);
  if (known && !parts.view?.isChanged(known.key) && !parts.known.isChanged(known.key)) {
    const object = (await shown(known.key)) ?? (await head(known.key));
    const isBelieved = object && (recorded !== undefined || !(await speaksAgainst(object, photo)));
    if (isBelieved && (await holds(object, known, photo, proof))) return placeOf(object, known, candidate);
  }
  const isSpared = mayWriteUnasked(looking);
  const ask = async (key: string) => {
    if (isSpared && parts.view?.find(key) === "absent") return undefined;
    return (await shown(key)) ?? head(key);
  };
  return findPlace(keys, photo, ask, proof);
}

function placeOf(object: ObjectHead, known: KnownObject, candidate: Candidate): Found {
  const { etag } = object;
  const place: Place = { kind: "there", key: known.key, taken: [], ...(etag ? { etag } : {}) };
  return known.path === candidate.path ? place : { ...place, original: known };
}

/**
 * Whether a key that a whole listing does not have may be written to without a HEAD: only where the store itself refuses
 * a taken key, where a refusal costs little, and where no earlier attempt may have left something there.
 */
function mayWriteUnasked({ candidate, photo, proof, parts }: LookingFor): boolean {
  if (parts.store.conditionalWrites !== "honored" || photo.sizeBytes > wholeReadBytesMost) return false;
  return proof.ourClaim === "trusted" && parts.ledger.failure(candidate.path) === undefined;
}

/**
 * What the listing and the catalogue show of an object, where that alone proves the photo (invariant 1): the catalogue's
 * sha256 with size and ETag unchanged, or an ETag that is its MD5.
 */
async function provenHead(
  shown: ObjectHead | "absent" | undefined,
  photo: PhotoContent,
  proof: Proof,
): Promise<ObjectHead | undefined> {
  if (shown === undefined || shown === "absent" || proof.ourClaim !== "trusted") return undefined;
  if (shown.sizeBytes !== photo.sizeBytes) return undefined;
  if (shown.sha256 === undefined) {
    return (await compareContent(shown, photo, proof)) === "same" ? shown : undefined;
  }
  if (shown.sha256 !== photo.sha256Hex || (await speaksAgainst(shown, photo))) return undefined;
  // Its ETag is the one that was noted with this sha256, whatever it is made of.
  return { ...shown, etagIsOpaque: true };
}

/** A catalogue may be poisoned; an ETag that looks like an MD5 and is another one leaves the word to a HEAD. */
async function speaksAgainst({ etag = "", etagIsOpaque }: ObjectHead, photo: PhotoContent): Promise<boolean> {
  return !etagIsOpaque && /^[0-9a-f]{32}$/i.test(etag) && etag.toLowerCase() !== (await photo.md5Hex());
}

/** Whether a recorded object still is what was recorded, and equal to the photo. */
async function holds(object: ObjectHead, known: KnownObject, photo: PhotoContent, proof: Proof): Promise<boolean> {
  if ((await compareContent(object, photo, proof)) === "same") return true;
  if (object.sizeBytes !== photo.sizeBytes) return false;
  const claimed = object.storeSha256 ?? object.sha256 ?? photo.sha256Hex;
  // The ledger's sha256 proves as much as the catalogue's, with ETag and size unchanged.
  return claimed === photo.sha256Hex && object.etag !== undefined && object.etag === known.etag;
}
