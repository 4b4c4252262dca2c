import { BackupError } from "../state/errors/backup-error.ts";
import type { PhotoParts } from "./back-up-photo.ts";
import type { Candidate } from "./candidate.ts";
import { compareContent, type Proof } from "./compare-content.ts";
import { findPlace, type Place } from "./find-place.ts";
import { headOfDownload, lookTwice, mayReplace } from "./look-twice.ts";
import { mtimeMetadata } from "./mtime-metadata.ts";
import type { ObjectUpload } from "./object-store.ts";
import type { UploadAhead } from "./prepare-upload.ts";
import type { PhotoContent } from "./read-photo.ts";

export interface Sending {
  candidate: Candidate;
  photo: PhotoContent;
  keys: string[];
  place: Place;
  proof: Proof;
  parts: PhotoParts;
}

/** One for each key a photo may have, and one for an object that came or went in between. */
const roundsMost = 4;

/**
 * A place that holds the photo now. `sent`: these bytes went there by our own upload. `isQuiet`: no request that was
 * given up, or answered before its body was through, can still be reading them.
 */
export type SentPlace = Extract<Place, { kind: "there" }> & { sent: boolean; isQuiet: boolean; etag?: string };

/**
 * Puts a photo under the first free key and returns where it proved to be. After an attempt without an answer, and
 * after "key taken", the bucket is asked first: a lost answer to our own upload must not count as a conflict. Where an upload
 * would replace what another Mac put there since the bucket was asked, or what the answer overlooked, it is asked in
 * another way right before.
 */
export async function sendPhoto(sending: Sending, ahead: UploadAhead): Promise<SentPlace> {
  const { candidate, photo, keys, parts, proof } = sending;
  const { store, aborting } = parts;
  let { place } = sending;
  let puts = 0;
  const look = (key: string) => (mayReplace(store) ? lookTwice(store, key, aborting) : store.head(key, aborting));
  const isTaken = async (key: string) =>
    mayReplace(store) && (await headOfDownload(store, key, aborting)) !== undefined;
  // What is on the wire may finish after a stop, but nobody waits for the end of an outage then.
  const waiting = AbortSignal.any([parts.stopping, parts.aborting]);
  return parts.gate.run(async (triesBefore) => {
    for (let round = 1; round <= roundsMost; round += 1) {
      if (puts > 0 || (place.kind === "free" && (await isTaken(place.key)))) {
        place = await findPlace(keys, photo, look, proof);
      }
      if (place.kind === "there") return { ...place, sent: puts > 0 && triesBefore > 0, isQuiet: puts === 0 };
      puts += 1;
      const put = () => parts.store.put(uploadOf(candidate, photo, place.key, parts), parts.aborting);
      const outcome = await (ahead.take(place.key)?.send() ?? put());
      if (outcome.kind === "key-taken") continue;
      if (outcome.kind === "unconfirmed") await confirmByHead(place.key, photo, parts);
      return {
        kind: "there",
        key: place.key,
        taken: place.taken,
        sent: true,
        isQuiet: puts === 1,
        ...(outcome.etag ? { etag: outcome.etag } : {}),
      };
    }
    // Invariant 8: such a store would keep us here forever.
    throw new BackupError("unknown", { detail: `the store says that ${place.key} is both free and taken` });
  }, waiting);
}

/** For a store that returned no checksum: the payload was signed with its hash, and now its HEAD must agree. */
export async function confirmByHead(key: string, photo: PhotoContent, parts: PhotoParts): Promise<void> {
  const head = await parts.store.head(key, parts.aborting);
  if (head && (await compareContent(head, photo, { ourClaim: "trusted" })) === "same") return;
  throw new BackupError("unconfirmed-upload");
}

/** What goes to the store with a photo. */
export function uploadOf(candidate: Candidate, photo: PhotoContent, key: string, parts: PhotoParts): ObjectUpload {
  return {
    key,
    body: photo.body,
    sizeBytes: photo.sizeBytes,
    sha256Hex: photo.sha256Hex,
    contentType: photo.contentType,
    metadata: {
      "photolala-format": "1",
      sha256: photo.sha256Hex,
      mtime: mtimeMetadata(candidate.mtimeMs),
      ...(photo.takenAt ? { "taken-at": photo.takenAt } : {}),
    },
    onSent: (sentBytes) => parts.onSending(candidate, sentBytes),
  };
}
