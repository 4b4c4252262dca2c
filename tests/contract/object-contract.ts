import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { outcomeOf, sha256Base64, type ContractPart } from "./contract-context.ts";

const body = Buffer.from("the bytes of a photo");
const etag = '"d31c31542b128e8d3b1650a1eb26eaaf"';

/** One object's life: put, seen, read, never overwritten. */
export const objectContract: ContractPart = (context, differences) => {
  it("stores an object with type and metadata, and gives its MD5 as ETag and its checksum back", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Key: "objects/a.jpg" };
    const upload = {
      ...target,
      Body: body,
      ContentType: "image/jpeg",
      Metadata: { sha256: "abc", "captured-at": "2024-05-01T10:00:00Z" },
    };
    const checksum = { ChecksumSHA256: sha256Base64(body) };
    expect(await outcomeOf(client.send(new PutObjectCommand({ ...upload, ...checksum })))).toBe(
      differences.rightChecksum,
    );
    const isTaken = differences.rightChecksum === "200";
    const put = await client.send(new PutObjectCommand({ ...upload, ...(isTaken ? checksum : {}) }));
    expect(put.ETag).toBe(etag);
    expect(put.ChecksumSHA256).toBe(differences.returnsChecksums ? sha256Base64(body) : undefined);

    const asked = new HeadObjectCommand({ ...target, ChecksumMode: "ENABLED" });
    expect(await outcomeOf(client.send(asked))).toBe(differences.headWithChecksumMode);
    const mode = differences.headWithChecksumMode === "200" ? { ChecksumMode: "ENABLED" as const } : {};
    const head = await client.send(new HeadObjectCommand({ ...target, ...mode }));
    expect(head).toMatchObject({
      ETag: etag,
      ContentLength: body.length,
      ContentType: "image/jpeg",
      Metadata: { sha256: "abc", "captured-at": "2024-05-01T10:00:00Z" },
    });
    expect([head.ChecksumSHA256, head.ChecksumType]).toEqual([
      differences.returnsChecksums ? sha256Base64(body) : undefined,
      differences.namesChecksumType ? "FULL_OBJECT" : undefined,
    ]);
    expect(Math.abs((head.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    const unasked = await client.send(new HeadObjectCommand(target));
    expect(unasked.ChecksumSHA256).toBeUndefined();
  });

  it("invariant 3: treats If-None-Match: * as declared, and keeps the first bytes where it is honored", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Key: "objects/once.jpg" };
    const first = new PutObjectCommand({ ...target, Body: body, IfNoneMatch: "*" });
    expect(await outcomeOf(client.send(first))).toBe(differences.conditionalCreate);
    if (differences.conditionalCreate !== "200") await client.send(new PutObjectCommand({ ...target, Body: body }));
    const second = new PutObjectCommand({ ...target, Body: "other bytes", IfNoneMatch: "*" });
    expect(await outcomeOf(client.send(second))).toBe(differences.conditionalOverwrite);
    const read = await client.send(new GetObjectCommand(target));
    const isOverwritten = differences.conditionalOverwrite === "200";
    expect(await read.Body?.transformToString()).toBe(isOverwritten ? "other bytes" : body.toString());
  });

  it("reads a range, and refuses one outside the object", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Key: "objects/range.jpg" };
    await client.send(new PutObjectCommand({ ...target, Body: "0123456789" }));
    const ranges = { "bytes=2-4": "234", "bytes=7-": "789", "bytes=-2": "89", "bytes=8-100": "89" };
    for (const [Range, expected] of Object.entries(ranges)) {
      const read = await client.send(new GetObjectCommand({ ...target, Range }));
      expect(await read.Body?.transformToString()).toBe(expected);
      expect(read.$metadata.httpStatusCode).toBe(206);
    }
    const outside = client.send(new GetObjectCommand({ ...target, Range: "bytes=10-20" }));
    expect(await outcomeOf(outside)).toBe("416 InvalidRange");
  });

  it("says 404 for what is missing, without an error code for HEAD", async () => {
    const { client, bucket } = context();
    const key = { Bucket: bucket, Key: "objects/missing.jpg" };
    expect(await outcomeOf(client.send(new HeadObjectCommand(key)))).toBe("404 NotFound");
    expect(await outcomeOf(client.send(new GetObjectCommand(key)))).toBe("404 NoSuchKey");
    const elsewhere = { ...key, Bucket: "missing-bucket" };
    expect(await outcomeOf(client.send(new HeadObjectCommand(elsewhere)))).toBe("404 NotFound");
    expect(await outcomeOf(client.send(new PutObjectCommand({ ...elsewhere, Body: body })))).toBe("404 NoSuchBucket");
  });

  it("stores an empty object", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Key: "objects/empty.jpg" };
    await client.send(new PutObjectCommand({ ...target, Body: Buffer.alloc(0) }));
    const head = await client.send(new HeadObjectCommand(target));
    expect(head).toMatchObject({ ContentLength: 0, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' });
  });

  it("deletes, and doesn't mind deleting what isn't there", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Key: "objects/deleted.jpg" };
    await client.send(new PutObjectCommand({ ...target, Body: body }));
    expect(await outcomeOf(client.send(new DeleteObjectCommand(target)))).toBe("204");
    expect(await outcomeOf(client.send(new DeleteObjectCommand(target)))).toBe("204");
    expect(await outcomeOf(client.send(new HeadObjectCommand(target)))).toBe("404 NotFound");
  });

  it("accepts or refuses storage classes as declared", async () => {
    const { client, bucket } = context();
    const put = (Key: string, StorageClass: "STANDARD_IA"): Promise<string> =>
      outcomeOf(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body, StorageClass })));
    expect(await put("objects/ia.jpg", "STANDARD_IA")).toBe(differences.infrequentAccess);
    expect(await put("objects/bogus.jpg", "BOGUS" as "STANDARD_IA")).toBe(differences.unknownStorageClass);
  });

  it("takes 1,900 bytes of metadata and refuses more than 2 KB", async () => {
    const { client, bucket } = context();
    const put = (Key: string, sizeBytes: number): Promise<string> => {
      const Metadata = { note: "x".repeat(sizeBytes - "note".length) };
      return outcomeOf(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body, Metadata })));
    };
    expect(await put("objects/metadata-fits.jpg", 1900)).toBe("200");
    expect(await put("objects/metadata-too-large.jpg", 2049)).toBe("400 MetadataTooLarge");
  });
};
