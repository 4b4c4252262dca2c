import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LoopbackSession, outcomeOf } from "./loopback-session.ts";

describe("what the loopback S3 keeps", () => {
  const toClose: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  async function start(options: Parameters<typeof LoopbackSession.start>[0]): Promise<LoopbackSession> {
    const session = await LoopbackSession.start(options);
    toClose.push(() => session.close());
    return session;
  }

  function temporaryDir(): string {
    const dir = mkdtempSync(join(tmpdir(), "photolala-loopback-test-"));
    toClose.push(() => rmSync(dir, { recursive: true }));
    return dir;
  }

  it("keeps objects on disk over a restart, whatever the end of the index", async () => {
    const dir = temporaryDir();
    const first = await LoopbackSession.start({ dir });
    await first.put("kept 😀.jpg", "bytes", { Metadata: { note: "x" } });
    await first.put("replaced.jpg", "old");
    await first.put("replaced.jpg", "new");
    await putInParts(first, "parts.mov");
    await first.close();
    appendFileSync(join(dir, "index.jsonl"), '{"op":"put","bucket":"pho');
    const second = await start({ dir });
    expect(second.s3.objects("photos").map((object) => object.key)).toEqual([
      "kept 😀.jpg",
      "parts.mov",
      "replaced.jpg",
    ]);
    expect(await second.read("kept 😀.jpg")).toBe("bytes");
    expect(await second.read("replaced.jpg")).toBe("new");
    expect(await second.read("parts.mov")).toHaveLength(5 * 1024 * 1024 + 4);
    expect(second.s3.object("photos", "kept 😀.jpg")?.metadata).toEqual({ note: "x" });
    expect(readdirSync(join(dir, "bodies"))).toHaveLength(4);
  });

  it("leaves no file of refused, replaced or cut bodies, and removes its own folder", async () => {
    // A private temporary folder, so that other tests' folders aren't taken for this server's.
    const privateDir = temporaryDir();
    vi.stubEnv("TMPDIR", privateDir);
    const session = await LoopbackSession.start({ keepBodies: "disk" });
    vi.unstubAllEnvs();
    const [own = "none"] = readdirSync(privateDir);
    const dir = join(privateDir, own);
    await session.put("a", "x");
    expect(await session.put("a", "y", { IfNoneMatch: "*" })).toBe("412 PreconditionFailed");
    expect(await session.put("b", "y", { ChecksumSHA256: createHash("sha256").digest("base64") })).toBe(
      "400 BadDigest",
    );
    session.s3.faults.add({ kind: "cut-before-store" });
    expect(await session.put("c", "y")).toBe("cut ECONNRESET");
    expect(readdirSync(join(dir, "bodies"))).toHaveLength(1);
    await session.close();
    expect(existsSync(dir)).toBe(false);
  });

  it("keeps only hashes where told, and says so when asked for bytes", async () => {
    const session = await start({ keepBodies: "hash-only" });
    await session.put("a", "bytes");
    const sha256 = createHash("sha256").update("bytes").digest("hex");
    expect(session.s3.object("photos", "a")).toMatchObject({ sizeBytes: 5, sha256, segments: [{ sizeBytes: 5 }] });
    const read = session.client.send(new GetObjectCommand({ Bucket: "photos", Key: "a" }));
    expect(await outcomeOf(read)).toBe("501 NotImplemented");
  });

  it("puts objects as somebody else would have", async () => {
    const session = await start({});
    const { s3 } = session;
    s3.putObjectDirectly("photos", "foreign", "bytes", { etag: '"not-an-md5"', metadata: { tool: "other" } });
    const head = await session.client.send(new GetObjectCommand({ Bucket: "photos", Key: "foreign" }));
    expect(head).toMatchObject({ ETag: '"not-an-md5"', Metadata: { tool: "other" } });
    s3.deleteObjectDirectly("photos", "foreign");
    expect(s3.objects("photos")).toEqual([]);
  });

  it("invariant 5: notices when more than one body is in flight", async () => {
    const session = await start({});
    const { s3 } = session;
    const put = (key: string): Promise<string> => session.put(key, Buffer.alloc(100_000));
    await put("a");
    await put("b");
    expect(s3.maxConcurrentBodies).toBe(1);
    s3.faults.add({ kind: "slow", bytesPerSecond: 500_000, times: 2 });
    await Promise.all([put("c"), put("d")]);
    expect(s3.maxConcurrentBodies).toBe(2);
  });

  it("logs every request, and lets a test wait for one", async () => {
    const session = await start({});
    const waited = session.s3.log.waitFor((request) => request.key === "b" && request.status === 404);
    await session.put("a", "bytes");
    await session.head("b");
    expect(await waited).toMatchObject({ method: "HEAD", operation: "HeadObject", bucket: "photos" });
    expect(session.s3.requests[0]).toMatchObject({ method: "PUT", key: "a", status: 200, receivedBytes: 5 });
    expect(session.s3.log.counts()).toEqual({ PutObject: 1, HeadObject: 1 });
  });

  it("is another kind of store with other behavior", async () => {
    const garage = await start({ behavior: { conditionalWrites: "ignored", checksums: "ignored" } });
    await garage.put("a", "old");
    const wrong = createHash("sha256").digest("base64");
    expect(await garage.put("a", "new", { IfNoneMatch: "*", ChecksumSHA256: wrong })).toBe("200");
    expect(await garage.read("a")).toBe("new");
    const b2 = await start({
      behavior: { conditionalWrites: "refused", storageClasses: ["STANDARD"], keyRules: "any" },
    });
    expect(await b2.put("a", "x", { IfNoneMatch: "*" })).toBe("501 NotImplemented");
    expect(await b2.put("a", "x", { StorageClass: "GLACIER" })).toBe("400 InvalidStorageClass");
    expect(await b2.put("x".repeat(300), "x")).toBe("200");
  });
});

async function putInParts({ client }: LoopbackSession, key: string): Promise<void> {
  const target = { Bucket: "photos", Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const Parts = [];
  for (const [index, Body] of [Buffer.alloc(5 * 1024 * 1024), Buffer.from("tail")].entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
}
