import { expect, test } from "vitest";
import type { PhotoParts } from "../../../helper/backup/back-up-photo.ts";
import type { PreparedPut } from "../../../helper/backup/object-store.ts";
import { prepareUpload } from "../../../helper/backup/prepare-upload.ts";
import type { Sending } from "../../../helper/backup/send-photo.ts";

const key = "photos/a.jpg";

/** A photo of one byte that is made ready at a store that counts what is given up. */
function scene({ body = new Uint8Array(1) as Sending["photo"]["body"] } = {}) {
  const seen = { prepared: 0, discarded: 0, now: 1_000_000 };
  const put = { discard: () => void (seen.discarded += 1) } as PreparedPut;
  const prepare = () => ((seen.prepared += 1), put);
  const parts = { store: { prepare }, clock: { now: () => seen.now } } as unknown as PhotoParts;
  const photo = { body, sizeBytes: 1, sha256Hex: "00", contentType: "image/jpeg" };
  const place = { kind: "free", key, taken: [] };
  const ahead = prepareUpload(
    { candidate: { mtimeMs: 0 }, photo, place, parts } as unknown as Sending,
    () => undefined,
  );
  return { seen, put, ahead };
}

test("what was made ready is taken once, and given up no more", () => {
  const { seen, put, ahead } = scene();
  expect(ahead.take(key)).toBe(put);
  expect(ahead.take(key)).toBeUndefined();
  ahead.discard();
  expect(seen.discarded).toBe(0);
});

test.each([
  ["waited for a minute: its signature would grow old", 60_000],
  ["is from a time that the clock has not come to yet", -1],
])("what %s is given up", (_, ageMs) => {
  const { seen, ahead } = scene();
  seen.now += ageMs;
  expect(ahead.take(key)).toBeUndefined();
  expect(seen.discarded).toBe(1);
});

test("what was meant for another key is given up", () => {
  const { seen, ahead } = scene();
  expect(ahead.take("photos/b.jpg")).toBeUndefined();
  expect(seen.discarded).toBe(1);
});

test("a photo that is streamed is not made ready", () => {
  const { seen, ahead } = scene({ body: () => expect.fail("nobody may open it") });
  expect(ahead.take(key)).toBeUndefined();
  expect(seen.prepared).toBe(0);
});
