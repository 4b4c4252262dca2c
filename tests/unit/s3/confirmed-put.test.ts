import { describe, expect, test } from "vitest";
import { openLoopbackStore } from "../../support/engine/open-loopback-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";
import type { FaultRequest } from "../../support/loopback-s3/faults.ts";
import type { StoreBehavior } from "../../support/loopback-s3/loopback-options.ts";

const content = Buffer.from("a small photo");

/** One upload of a photo, and what was told of it in which order. */
async function told(fault?: FaultRequest, behavior: Partial<StoreBehavior> = {}) {
  const { s3, store } = await openLoopbackStore({ behavior });
  if (fault) s3.faults.add({ ...fault, match: { operation: "PutObject" } });
  const words: string[] = [];
  const upload = uploadOf(content, { onConfirmed: () => words.push("confirmed") });
  await store.put(upload).then(
    ({ kind }) => words.push(kind),
    () => words.push("failed"),
  );
  s3.faults.assertAllFired();
  return words;
}

describe("an upload counts as confirmed before its outcome is known", () => {
  test("when the answer bears the checksum that was sent", async () => {
    expect(await told()).toEqual(["confirmed", "stored"]);
  });

  const doubtful: [string, FaultRequest][] = [
    ["the checksum of other bytes", { kind: "wrong-checksum" }],
    ["a refusal", { kind: "status", status: 503, code: "SlowDown" }],
    ["a page that is not S3's", { kind: "html-answer" }],
    ["an error in a 200", { kind: "error-in-200", code: "InternalError" }],
  ];
  test.each(doubtful)("not with %s", async (_, fault) => {
    expect(await told(fault)).not.toContain("confirmed");
  });

  test("not where the store tells no checksum", async () => {
    expect(await told(undefined, { checksums: "ignored" })).toEqual(["stored"]);
  });
});
