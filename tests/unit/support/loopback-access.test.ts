import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LoopbackSession, outcomeOf } from "./loopback-session.ts";

describe("who and what the loopback S3 lets in", () => {
  let session: LoopbackSession;
  beforeEach(async () => {
    session = await LoopbackSession.start({
      buckets: ["photos", { name: "abroad", region: "eu-central-1" }],
      accessKeys: [
        { accessKeyId: "temporary", secretAccessKey: "secret", sessionToken: "token" },
        { accessKeyId: "expired", secretAccessKey: "secret", sessionToken: "token", expired: true },
        { accessKeyId: "writer", secretAccessKey: "secret", deniedActions: ["s3:ListBucket", "s3:GetObject"] },
        { accessKeyId: "no-list", secretAccessKey: "secret", deniedActions: ["s3:ListBucket"] },
      ],
    });
  });
  afterEach(() => session.close());

  const listAs = async (accessKeyId: string, sessionToken?: string): Promise<string> => {
    const client = session.clientWith({
      credentials: { accessKeyId, secretAccessKey: "secret", ...(sessionToken && { sessionToken }) },
    });
    const outcome = await outcomeOf(client.send(new ListObjectsV2Command({ Bucket: "photos" })));
    client.destroy();
    return outcome;
  };

  it("takes a session token that belongs to the key, and none other", async () => {
    expect(await listAs("temporary", "token")).toBe("200");
    expect(await listAs("temporary", "other")).toBe("400 InvalidToken");
    expect(await listAs("temporary")).toBe("400 InvalidToken");
    expect(await listAs("expired", "token")).toBe("400 ExpiredToken");
  });

  it("denies actions key by key, and lets the list be changed while it runs", async () => {
    expect(await listAs("writer")).toBe("403 AccessDenied");
    const writer = session.s3.accessKeys.find((key) => key.accessKeyId === "writer");
    if (writer) writer.deniedActions = [];
    expect(await listAs("writer")).toBe("200");
  });

  it("hides whether a key is missing from who may not list: 403 instead of 404", async () => {
    const client = session.clientWith({ credentials: { accessKeyId: "no-list", secretAccessKey: "secret" } });
    const missing = { Bucket: "photos", Key: "missing" };
    expect(await outcomeOf(client.send(new HeadObjectCommand(missing)))).toBe("403 Unknown");
    expect(await outcomeOf(client.send(new GetObjectCommand(missing)))).toBe("403 AccessDenied");
    await session.put("there", "x");
    expect(await outcomeOf(client.send(new HeadObjectCommand({ ...missing, Key: "there" })))).toBe("200");
    client.destroy();
  });

  it("names the right region for a bucket that is elsewhere, in the document and in a header", async () => {
    const list = session.client.send(new ListObjectsV2Command({ Bucket: "abroad" }));
    await expect(list).rejects.toMatchObject({ name: "AuthorizationHeaderMalformed", Region: "eu-central-1" });
    const head = session.client.send(new HeadBucketCommand({ Bucket: "abroad" }));
    const headers = { "x-amz-bucket-region": "eu-central-1" };
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 }, $response: { headers } });
    const client = session.clientWith({ region: "eu-central-1" });
    expect(await outcomeOf(client.send(new HeadBucketCommand({ Bucket: "abroad" })))).toBe("200");
    client.destroy();
  });

  it("creates a bucket in the region it is told, and lists it with that region", async () => {
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" as const };
    await session.client.send(new CreateBucketCommand({ Bucket: "west", CreateBucketConfiguration }));
    const { Buckets } = await session.client.send(new ListBucketsCommand({ BucketRegion: "eu-west-1" }));
    expect(Buckets).toMatchObject([{ Name: "west", BucketRegion: "eu-west-1" }]);
  });

  it("refuses what it doesn't do: other subresources, streaming checksums, conditional reads", async () => {
    const { client } = session;
    await session.put("a", "x");
    const target = { Bucket: "photos", Key: "a" };
    expect(await outcomeOf(client.send(new GetObjectAclCommand(target)))).toBe("501 NotImplemented");
    expect(await outcomeOf(client.send(new GetObjectCommand({ ...target, IfMatch: '"x"' })))).toBe(
      "501 NotImplemented",
    );
    const defaults = session.clientWith({ requestChecksumCalculation: "WHEN_SUPPORTED" });
    const stream = Readable.from([Buffer.from("streamed")]);
    const streamed = new PutObjectCommand({ ...target, Body: stream, ContentLength: 8 });
    expect(await outcomeOf(defaults.send(streamed))).toBe("501 NotImplemented");
    defaults.destroy();
  });

  it("serves a client with the SDK's default checksums and Expect: 100-continue", async () => {
    const client = session.clientWith({ requestChecksumCalculation: "WHEN_SUPPORTED", expectContinueHeader: true });
    const body = Buffer.alloc(3 * 1024 * 1024, 3);
    const put = await client.send(new PutObjectCommand({ Bucket: "photos", Key: "big", Body: body }));
    expect(put.ChecksumCRC32).toBeDefined();
    expect(await session.s3.readObject("photos", "big")).toEqual(body);
    const refused = new PutObjectCommand({ Bucket: "missing-bucket", Key: "big", Body: body });
    expect(await outcomeOf(client.send(refused))).toBe("404 NoSuchBucket");
    client.destroy();
  });

  it("judges the clock by the server's own", async () => {
    const behind = await LoopbackSession.start({ now: () => new Date(Date.now() - 20 * 60_000) });
    expect(await behind.put("a", "x")).toBe("403 RequestTimeTooSkewed");
    await behind.close();
  });
});
