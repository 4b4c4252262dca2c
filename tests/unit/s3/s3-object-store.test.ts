import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import type { FaultRequest } from "../../support/loopback-s3/faults.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { openLoopbackStore } from "../../support/engine/open-loopback-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";

const hello = Buffer.from("hello");

describe("put", () => {
  test("stores a buffer, a large buffer and a stream, and HEAD tells what it needs to", async () => {
    const { s3, store } = await openLoopbackStore();
    const large = Buffer.alloc(3 * 1024 * 1024, "abc");
    expect(await store.put(uploadOf(hello))).toMatchObject({ kind: "stored" });
    expect(await store.put(uploadOf(large, { key: "p/b.jpg" }))).toMatchObject({ kind: "stored" });
    const stream = () =>
      Readable.from([large.subarray(0, 1_000_000), large.subarray(1_000_000)], { objectMode: false });
    const sent: number[] = [];
    const streamed = uploadOf(large, { key: "p/c.mov", body: stream, onSent: (bytes) => sent.push(bytes) });
    expect(await store.put(streamed)).toMatchObject({ kind: expect.stringMatching(/stored|unconfirmed/) });
    expect(sent.at(-1)).toBe(large.length);
    for (const key of ["p/b.jpg", "p/c.mov"])
      expect(sha256Of(await s3.readObject("photos", key))).toBe(sha256Of(large));
    expect(await store.head("p/a.jpg")).toMatchObject({ sizeBytes: 5, sha256: sha256Of(hello), etagIsOpaque: false });
    expect(await store.head("p/nothing.jpg")).toBeUndefined();
    expect(store.requestCount).toBe(s3.requests.length);
  });

  test("invariant 3: never replaces an object", async () => {
    const { s3, store } = await openLoopbackStore();
    s3.putObjectDirectly("photos", "p/a.jpg", "hers");
    expect(await store.put(uploadOf(hello))).toEqual({ kind: "key-taken" });
    expect(String(await s3.readObject("photos", "p/a.jpg"))).toBe("hers");
  });

  test("keys of every kind arrive as they are", async () => {
    const { s3, store } = await openLoopbackStore();
    const keys = ["p/plus+sign %20.jpg", "p/new\nline?.jpg", "p/emoji 👨‍👩‍👧.jpg", "p/a&b=c;d'\"<>.jpg", "p/日本.jpg"];
    for (const key of keys) expect(await store.put(uploadOf(hello, { key })), key).toMatchObject({ kind: "stored" });
    expect(
      s3
        .objects("photos")
        .map(({ key }) => key)
        .sort(),
    ).toEqual(keys.sort());
    for (const key of keys) expect(await store.head(key), key).toMatchObject({ sizeBytes: 5 });
  });

  test("invariant 1: bytes that are not those of the hash are refused by the store", async () => {
    const { s3, store } = await openLoopbackStore();
    const wrong = uploadOf(hello, { sha256Hex: sha256Of("something else") });
    await expect(store.put(wrong)).rejects.toMatchObject({ code: "checksum-mismatch" });
    expect(s3.objects("photos")).toEqual([]);
  });

  test("a source that fails under way is the source's error, and nothing is stored", async () => {
    const { s3, store } = await openLoopbackStore();
    async function* broken() {
      yield Buffer.from("hel");
      throw new BackupError("changed-while-reading");
    }
    const upload = uploadOf(hello, { body: () => Readable.from(broken(), { objectMode: false }) });
    await expect(store.put(upload)).rejects.toMatchObject({ code: "changed-while-reading" });
    expect(s3.objects("photos")).toEqual([]);
    expect(await store.put(uploadOf(hello))).toMatchObject({ kind: "stored" });
  });

  test("an abort rejects with the signal's own reason", async () => {
    const { s3, store } = await openLoopbackStore();
    const stopping = new AbortController();
    const fault = s3.faults.add({ kind: "stall" });
    void fault.whenFired.then(() => stopping.abort(new Error("enough")));
    await expect(store.put(uploadOf(hello), stopping.signal)).rejects.toThrow("enough");
  });

  test("501 to the condition turns it off for good, with a HEAD before each upload", async () => {
    const { s3, store } = await openLoopbackStore();
    s3.faults.add({ kind: "refuse-if-none-match", times: Infinity });
    expect(await store.put(uploadOf(hello))).toMatchObject({ kind: "stored" });
    expect(await store.put(uploadOf(hello))).toEqual({ kind: "key-taken" });
    expect(s3.requests.map(({ operation }) => operation)).toEqual([
      "PutObject",
      "HeadObject",
      "PutObject",
      "HeadObject",
    ]);
  });

  test("501 to everything is an error of the photo, not an outage", async () => {
    const { s3, store } = await openLoopbackStore();
    s3.faults.add({
      kind: "status",
      status: 501,
      code: "NotImplemented",
      times: Infinity,
      match: { operation: "PutObject" },
    });
    await expect(store.put(uploadOf(hello))).rejects.toMatchObject({ code: "unknown" });
  });
});

describe("what went wrong is found out", () => {
  const list = { operation: "ListObjectsV2" } as const;
  const faults: [string, FaultRequest, string][] = [
    ["throttling", { kind: "status", status: 503, code: "SlowDown", match: list }, "throttled"],
    ["a sign-in page", { kind: "html-answer", match: list }, "not-s3"],
    ["a proxy's error page", { kind: "html-answer", status: 502, match: list }, "server-error"],
    ["a cut connection", { kind: "cut-before-store", match: list }, "network-down"],
  ];
  test.each(faults)("%s, when the bucket is checked", async (_, fault, code) => {
    const { s3, store } = await openLoopbackStore();
    s3.faults.add(fault);
    await expect(store.checkBucket()).rejects.toMatchObject({ code });
    s3.faults.assertAllFired();
    await expect(store.checkBucket()).resolves.toBeUndefined();
  });

  test("a wrong secret, a wrong region, a missing bucket, a missing permission", async () => {
    const cases = [
      [{ secret: "another" }, "credentials-refused"],
      [{ bucket: "elsewhere" }, "wrong-region"],
      [{ bucket: "nowhere" }, "bucket-missing"],
      [{ deniedActions: ["s3:ListBucket", "s3:PutObject"] }, "permission-denied"],
    ] as const;
    for (const [options, code] of cases) {
      const { store } = await openLoopbackStore(options as Parameters<typeof openLoopbackStore>[0]);
      await expect(store.checkBucket(), code).rejects.toMatchObject({ code });
      await expect(
        store.put(uploadOf(hello)).then((outcome) => outcome.kind),
        code,
      ).rejects.toMatchObject({ code });
      // A HEAD's 404 has no words: it may be the key or the bucket, and the upload that follows finds out.
      if (code === "bucket-missing") expect(await store.head("p/a.jpg")).toBeUndefined();
      else await expect(store.head("p/a.jpg"), `${code} from a HEAD without words`).rejects.toMatchObject({ code });
    }
  });

  test("a HEAD that alone is refused names the permission", async () => {
    const { s3, store } = await openLoopbackStore();
    const match = { operation: "HeadObject" } as const;
    s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match, times: Infinity });
    await expect(store.head("p/a.jpg")).rejects.toMatchObject({
      code: "permission-denied",
      detail: expect.stringContaining("s3:GetObject"),
    });
  });

  test("a sign-in page in place of a HEAD's answer is no object", async () => {
    const { s3, store } = await openLoopbackStore();
    s3.faults.add({ kind: "html-answer", match: { operation: "HeadObject" } });
    await expect(store.head("p/a.jpg")).rejects.toMatchObject({ code: "not-s3" });
  });

  test("a sign-in page in place of an upload's answer confirms nothing", async () => {
    const { s3, store } = await openLoopbackStore();
    s3.faults.add({ kind: "html-answer", match: { operation: "PutObject" } });
    expect(await store.put(uploadOf(hello))).toEqual({ kind: "unconfirmed" });
    expect(s3.objects("photos")).toEqual([]);
  });

  test("nobody there is a network that is down", async () => {
    const { s3, store } = await openLoopbackStore();
    await s3.close();
    await expect(store.checkBucket()).rejects.toMatchObject({ code: "network-down" });
    await expect(store.put(uploadOf(hello))).rejects.toMatchObject({ code: "network-down" });
  });

  test("Retry-After reaches the engine whole", async () => {
    const { s3, store } = await openLoopbackStore();
    s3.faults.add({
      kind: "status",
      status: 503,
      code: "SlowDown",
      retryAfter: 600,
      match: { operation: "HeadObject" },
    });
    await expect(store.head("p/a.jpg")).rejects.toMatchObject({ code: "throttled", retryAfterMs: 600_000 });
  });
});
