import { setImmediate as turnOfLoop } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ObjectUpload } from "../../../helper/backup/object-store.ts";
import { openLoopbackStore } from "../../support/engine/open-loopback-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";

const large = Buffer.alloc(1024 * 1024, "abc");
const putObject = { operation: "PutObject" } as const;

/** What was made ready for these bytes has waited too long, and they are sent anew at once. */
async function sendAnew(upload: ObjectUpload, { hasSigned = true } = {}) {
  const { s3, store } = await openLoopbackStore();
  store.conditionalWrites = "honored";
  const stuck = s3.faults.add({ kind: "stall", match: putObject });
  const ahead = store.prepare(upload);
  for (let turns = 0; hasSigned && turns < 20; turns += 1) await turnOfLoop();
  ahead?.discard();
  const aborting = new AbortController();
  const sending = store.put(upload, aborting.signal);
  return { s3, stuck, aborting, sending };
}

test.each([true, false])("an upload sent anew ends with its abort (made ready: %s)", async (hasSigned) => {
  const { stuck, aborting, sending } = await sendAnew(uploadOf(large), { hasSigned });
  await stuck.whenFired;
  aborting.abort(new Error("the lock is lost"));
  await expect(sending).rejects.toThrow("the lock is lost");
});

test("an upload sent anew tells how far it is", async () => {
  const sent: number[] = [];
  const { stuck, aborting, sending } = await sendAnew(uploadOf(large, { onSent: (bytes) => void sent.push(bytes) }));
  await stuck.whenFired;
  aborting.abort(new Error("enough"));
  await sending.catch(() => undefined);
  expect(sent.at(-1)).toBe(large.length);
});

test.each([
  ["the same bytes", large],
  ["no bytes at all", Buffer.alloc(0)],
])("two uploads of %s, made ready, each wait for their own turn", async (_, bytes) => {
  const { s3, store } = await openLoopbackStore();
  store.conditionalWrites = "honored";
  const ahead = ["p/1.jpg", "p/2.jpg"].map((key) => store.prepare(uploadOf(bytes, { key })));
  const keys = () => s3.objects("photos").map(({ key }) => key);
  expect(await store.put(uploadOf(Buffer.from("first"), { key: "p/0.jpg" }))).toMatchObject({ kind: "stored" });
  expect(keys()).toEqual(["p/0.jpg"]);
  expect(await ahead[1]?.send()).toMatchObject({ kind: "stored" });
  expect(keys()).toEqual(["p/0.jpg", "p/2.jpg"]);
  ahead[0]?.discard();
  await turnOfLoop();
  expect(s3.log.counts().PutObject).toBe(2);
});
