import { describe, expect, onTestFinished, test } from "vitest";
import { S3ObjectStore, type LearnedOfStore } from "../../../helper/s3/s3-object-store.ts";
import type { StoreBehavior } from "../../support/loopback-s3/loopback-options.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

async function bench(behavior: Partial<StoreBehavior> = {}, known: Partial<LearnedOfStore> = {}) {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: ["photos"], behavior });
  const learned: LearnedOfStore[] = [];
  const store = new S3ObjectStore({
    destination: { endpoint: s3.endpoint, region: s3.region, bucket: "photos", prefix: "p" },
    credentials: async () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
    conditionalWrites: "honored",
    onLearned: (found) => learned.push(found),
    ...known,
  });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  const payloads = () => s3.requests.map(({ payloadHash }) => payloadHash);
  return { s3, store, learned, payloads };
}

function upload(key: string) {
  const body = Buffer.from(key);
  return { key, body, sizeBytes: body.length, sha256Hex: sha256Of(body), contentType: "image/jpeg", metadata: {} };
}

function part(uploadId: string) {
  return { ...upload("p/movie.mov"), uploadId, number: 1, onSent: () => undefined };
}

describe("whether a checksum header alone binds a body", () => {
  test("it does where other bytes are refused for it: nothing is written, and no payload is hashed twice from then on", async () => {
    const { s3, store, learned, payloads } = await bench();
    await store.probeBinding("p/.photolala/probe");
    expect(learned.at(-1)).toMatchObject({ bindsByChecksum: true });
    expect(await store.put(upload("p/a.jpg"))).toMatchObject({ kind: "stored" });
    expect(payloads()).toEqual(["UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"]);
    expect(s3.objects("photos").map(({ key, sha256 }) => [key, sha256])).toEqual([
      ["p/a.jpg", upload("p/a.jpg").sha256Hex],
    ]);
  });

  test("an upload that comes while that is asked waits for the answer", async () => {
    const { store, payloads } = await bench();
    const asking = store.probeBinding("p/.photolala/probe");
    expect(await store.put(upload("p/a.jpg"))).toMatchObject({ kind: "stored" });
    await asking;
    expect(payloads()).toEqual(["UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"]);
  });

  test("it does not where the header is overlooked: payloads are signed with their hash", async () => {
    const { store, learned, payloads } = await bench({ checksums: "ignored" });
    await store.probeBinding("p/.photolala/probe");
    expect(learned).toEqual([]);
    await store.put(upload("p/a.jpg"));
    expect(payloads()[1]).toBe(upload("p/a.jpg").sha256Hex);
  });

  test("a refusal for another reason is no yes", async () => {
    const { s3, store, learned } = await bench();
    s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match: { operation: "PutObject" } });
    await store.probeBinding("p/.photolala/probe");
    expect(learned).toEqual([]);
  });

  test("invariant 1: an upload that was bound so and not answered with a checksum does not count, and the next is signed", async () => {
    const { store, learned, payloads } = await bench({ checksums: "ignored" }, { bindsByChecksum: true });
    await expect(store.put(upload("p/a.jpg"))).rejects.toMatchObject({ code: "unconfirmed-upload" });
    expect(learned.at(-1)).toMatchObject({ bindsByChecksum: false });
    await store.put(upload("p/b.jpg"));
    expect(payloads().at(-1)).toBe(upload("p/b.jpg").sha256Hex);
  });

  test("a part that was bound so and not answered with a checksum is sent again, signed", async () => {
    const { store, payloads } = await bench({ checksums: "ignored" }, { bindsByChecksum: true });
    const uploadId = await store.multipart.create(upload("p/movie.mov"));
    expect(await store.multipart.putPart(part(uploadId))).toMatchObject({ number: 1 });
    expect(payloads().slice(-2)).toEqual(["UNSIGNED-PAYLOAD", part(uploadId).sha256Hex]);
  });
});
