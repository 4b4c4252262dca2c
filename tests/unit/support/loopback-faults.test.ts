import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LoopbackSession, outcomeOf } from "./loopback-session.ts";

const body = Buffer.alloc(200_000, 7);

describe("faults of the loopback S3", () => {
  let session: LoopbackSession;
  beforeEach(async () => (session = await LoopbackSession.start()));
  afterEach(() => session.close());

  it("status: answers an S3 error with Retry-After, then goes on", async () => {
    const { s3, client } = session;
    s3.faults.add({ kind: "status", status: 503, code: "SlowDown", retryAfter: 7, match: { operation: "PutObject" } });
    const refused = client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: body }));
    await expect(refused).rejects.toMatchObject({
      name: "SlowDown",
      $metadata: { httpStatusCode: 503 },
      $response: { headers: { "retry-after": "7" } },
    });
    expect(s3.objects("photos")).toEqual([]);
    expect(await session.put("a", body)).toBe("200");
    s3.faults.assertAllFired();
    expect(s3.requests.map((request) => [request.status, request.errorCode, request.faults])).toEqual([
      [503, "SlowDown", ["status"]],
      [200, undefined, []],
    ]);
  });

  it("status: a date as Retry-After", async () => {
    const retryAfter = new Date("2030-01-01T00:00:00Z");
    session.s3.faults.add({ kind: "status", status: 429, retryAfter });
    const refused = session.client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: body }));
    const headers = { "retry-after": "Tue, 01 Jan 2030 00:00:00 GMT" };
    await expect(refused).rejects.toMatchObject({ $response: { headers } });
  });

  it("matches by method, operation, key and count, and fires as often as told", async () => {
    const { faults } = session.s3;
    faults.add({ kind: "status", status: 500, times: 2, match: { method: "PUT", keyPattern: /\.mov$/, nth: 2 } });
    const outcomes: string[] = [];
    for (const key of ["1.mov", "1.jpg", "2.mov", "3.mov", "4.mov"]) outcomes.push(await session.put(key, "x"));
    expect(outcomes.map((outcome) => outcome.slice(0, 3))).toEqual(["200", "200", "500", "500", "200"]);
    faults.assertAllFired();
  });

  it("queues faults that decide an outcome, one a request", async () => {
    const { faults } = session.s3;
    for (const status of [500, 507]) faults.add({ kind: "status", status, match: { keyPattern: "a" } });
    expect(await session.put("a", "x")).toMatch(/^500/);
    expect(await session.put("a", "x")).toMatch(/^507/);
    expect(await session.put("a", "x")).toBe("200");
  });

  it("assertAllFired names what never fired or too seldom", async () => {
    const { faults } = session.s3;
    faults.add({ kind: "stall", match: { operation: "GetObject" } });
    const twice = faults.add({ kind: "cut-after-store", times: 2, match: { keyPattern: /^a/ } });
    await session.put("a", "x");
    expect(twice.fired).toBe(1);
    expect(() => faults.assertAllFired()).toThrow(/stall .*GetObject.* fired 0 of 1; cut-after-store .*fired 1 of 2/);
    faults.clear();
    expect(() => faults.assertAllFired()).not.toThrow();
  });

  it("stall: takes the body and never answers", async () => {
    const { s3 } = session;
    const fault = s3.faults.add({ kind: "stall" });
    const abort = new AbortController();
    const put = new PutObjectCommand({ Bucket: "photos", Key: "a", Body: body });
    const sent = outcomeOf(session.client.send(put, { abortSignal: abort.signal }));
    await fault.whenFired;
    await s3.log.waitFor((request) => request.receivedBytes === body.length || request.elapsedMs !== undefined);
    abort.abort();
    expect(await sent).toBe("cut AbortError");
    const ended = await s3.log.waitFor((request) => request.elapsedMs !== undefined);
    expect(ended).toMatchObject({ status: undefined, faults: ["stall"] });
    expect(s3.objects("photos")).toEqual([]);
  });

  it("stall-mid-body: stops reading an upload, and stops sending a download, without closing", async () => {
    const { s3 } = session;
    s3.putObjectDirectly("photos", "b", body);
    const client = session.clientWith({ requestHandler: { socketTimeout: 1_500 } });
    const upload = s3.faults.add({ kind: "stall-mid-body", match: { operation: "PutObject" } });
    const put = client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: body }));
    const [sent] = await Promise.all([outcomeOf(put), upload.whenFired]);
    expect(sent).toMatch(/^cut/);
    const download = s3.faults.add({ kind: "stall-mid-body", match: { operation: "GetObject" } });
    const get = await client.send(new GetObjectCommand({ Bucket: "photos", Key: "b" }));
    await download.whenFired;
    await expect(get.Body?.transformToByteArray()).rejects.toThrow();
    client.destroy();
    expect(s3.objects("photos").map((object) => object.key)).toEqual(["b"]);
  });

  it("cut-before-store: cuts mid-body or after the whole body, and nothing is stored", async () => {
    const { s3 } = session;
    s3.faults.add({ kind: "cut-before-store", afterBytes: 1000 });
    expect(await session.put("a", body)).toMatch(/^cut (ECONNRESET|EPIPE)/);
    s3.faults.add({ kind: "cut-before-store" });
    expect(await session.put("a", body)).toBe("cut ECONNRESET");
    expect(s3.requests[1]?.receivedBytes).toBe(body.length);
    s3.faults.add({ kind: "cut-before-store", match: { method: "HEAD" } });
    expect(await session.head("a")).toBe("cut ECONNRESET");
    expect(s3.objects("photos")).toEqual([]);
    s3.faults.assertAllFired();
  });

  it("cut-after-store: stores the object and cuts the connection before the answer", async () => {
    const { s3 } = session;
    s3.faults.add({ kind: "cut-after-store" });
    expect(await session.put("a", body, { IfNoneMatch: "*" })).toBe("cut ECONNRESET");
    expect(await s3.readObject("photos", "a")).toEqual(body);
    expect(await session.put("a", body, { IfNoneMatch: "*" })).toBe("412 PreconditionFailed");
  });

  it("truncate-read: promises the whole object and delivers less", async () => {
    session.s3.putObjectDirectly("photos", "a", body);
    session.s3.faults.add({ kind: "truncate-read", deliverBytes: 1000 });
    await expect(session.read("a")).rejects.toThrow(/aborted|terminated|premature/i);
    expect(session.s3.requests[0]?.sentBytes).toBe(1000);
    expect(await session.read("a")).toHaveLength(body.length);
  });

  it("slow: holds bodies to a rate in both directions", async () => {
    session.s3.faults.add({ kind: "slow", bytesPerSecond: 1_000_000, times: 2 });
    for (const run of [() => session.put("a", body), () => session.read("a")]) {
      const startedAt = performance.now();
      await run();
      expect(performance.now() - startedAt).toBeGreaterThan(120);
    }
    session.s3.faults.assertAllFired();
  });

  it("wrong-etag: lies about what it stored, in headers and in documents", async () => {
    const { s3, client } = session;
    s3.faults.add({ kind: "wrong-etag" });
    const put = await client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "x" }));
    expect(put.ETag).not.toBe(s3.object("photos", "a")?.etag);
    const target = { Bucket: "photos", Key: "b" };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: "x" }));
    s3.faults.add({ kind: "wrong-etag" });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const done = await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    expect(done.ETag).not.toBe(s3.object("photos", "b")?.etag);
  });

  it("ignore- and refuse-if-none-match: overwrite, or say 501, for conditional writes only", async () => {
    const { s3 } = session;
    s3.faults.add({ kind: "ignore-if-none-match", match: { keyPattern: "ignored" } });
    s3.faults.add({ kind: "refuse-if-none-match", match: { keyPattern: "refused" } });
    expect(await session.put("ignored", "first")).toBe("200");
    expect(await session.put("ignored", "second", { IfNoneMatch: "*" })).toBe("200");
    expect(await session.read("ignored")).toBe("second");
    expect(await session.put("refused", "first", { IfNoneMatch: "*" })).toBe("501 NotImplemented");
    s3.faults.assertAllFired();
  });

  it("html-answer: sends a page instead of an answer", async () => {
    session.s3.faults.add({ kind: "html-answer", times: Infinity });
    const answer = await fetch(`${session.s3.endpoint}/photos?list-type=2`);
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(await answer.text()).toMatch(/^<html>/);
  });

  it("a modifier goes along with an outcome", async () => {
    session.s3.faults.add({ kind: "slow", bytesPerSecond: 10_000_000 });
    session.s3.faults.add({ kind: "cut-after-store" });
    expect(await session.put("a", body)).toBe("cut ECONNRESET");
    expect(session.s3.requests[0]?.faults).toEqual(["slow", "cut-after-store"]);
  });
});
