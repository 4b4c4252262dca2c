import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { outcomeOf, sha256Base64, type ContractPart } from "./contract-context.ts";
import { MultipartSession, partBodies, wholeChecksum } from "./multipart-session.ts";

/** Large photos and videos: parts that can be resumed, checked one by one and as a whole, in one step. */
export const multipartContract: ContractPart = (context, differences) => {
  it("completes an upload with composite SHA-256 and metadata", async () => {
    const session = await MultipartSession.withParts(context(), "multipart/whole.mov");
    expect(await session.headOutcome()).toBe("404 NotFound");
    expect(await session.complete({ ChecksumSHA256: wholeChecksum, IfNoneMatch: "*" })).toBe("200");
    const { client } = context();
    const head = await client.send(new HeadObjectCommand({ ...session.target, ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({
      ContentLength: Buffer.concat(partBodies).length,
      ChecksumSHA256: wholeChecksum,
      ChecksumType: "COMPOSITE",
      Metadata: { sha256: "of-the-whole" },
    });
    expect(head.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const read = await client.send(new GetObjectCommand({ ...session.target, Range: "bytes=5242878-" }));
    expect(await read.Body?.transformToString()).toBe("\u0001\u0001tail");
  });

  it("lists the parts with their checksums, paged", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), "multipart/listed.mov");
    const first = await client.send(new ListPartsCommand({ ...session.upload, MaxParts: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1" });
    const PartNumberMarker = first.NextPartNumberMarker;
    const second = await client.send(new ListPartsCommand({ ...session.upload, MaxParts: 1, PartNumberMarker }));
    expect(second.IsTruncated).toBe(false);
    expect([...(first.Parts ?? []), ...(second.Parts ?? [])]).toMatchObject(
      partBodies.map((body, index) => ({
        PartNumber: index + 1,
        Size: body.length,
        ChecksumSHA256: sha256Base64(body),
      })),
    );
    await session.abort();
  });

  it("finds unfinished uploads by key, and by prefix where the store can", async () => {
    const { client, bucket } = context();
    const session = await MultipartSession.withParts(context(), "unfinished/a.mov");
    const list = async (Prefix: string): Promise<(string | undefined)[]> => {
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix }));
      return (Uploads ?? []).map((upload) => upload.UploadId);
    };
    expect(await list("unfinished/a.mov")).toEqual([session.upload.UploadId]);
    expect(await list("unfinished/")).toEqual(differences.listsUploadsByPrefix ? [session.upload.UploadId] : []);
    await session.abort();
    expect(await list("unfinished/a.mov")).toEqual([]);
  });

  it("refuses parts that are damaged, without checksum, out of range, or of no upload", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), "multipart/parts.mov");
    const part = { ...session.upload, PartNumber: 2, Body: "tail", ChecksumSHA256: sha256Base64("tail") };
    const send = (changes: object): Promise<string> =>
      outcomeOf(client.send(new UploadPartCommand({ ...part, ...changes })));
    expect(await send({ ChecksumSHA256: sha256Base64("other") })).toBe(differences.wrongChecksum);
    expect(await send({ ChecksumSHA256: undefined })).toBe(differences.partWithoutChecksum);
    expect(await send({ PartNumber: 0 })).toBe(differences.partNumberZero);
    expect(await send({ PartNumber: 10_001 })).toBe("400 InvalidArgument");
    expect(await send({ UploadId: "no-such-upload" })).toBe("404 NoSuchUpload");
    await session.abort();
  });

  it("invariant 1: completes nothing that isn't exactly what was uploaded", async () => {
    const session = await MultipartSession.withParts(context(), "multipart/refused.mov");
    const { parts } = session;
    const changed = (change: object): object[] => parts.map((part) => ({ ...part, ...change }));
    const missing = { ...parts[1], PartNumber: 3 };
    const wrongEtag = '"00000000000000000000000000000000"';
    expect(await session.complete({ Parts: changed({ ETag: wrongEtag }) })).toBe("400 InvalidPart");
    expect(await session.complete({ Parts: changed({ ChecksumSHA256: sha256Base64("other") }) })).toBe(
      "400 InvalidPart",
    );
    const withoutChecksums = session.complete({ Parts: changed({ ChecksumSHA256: undefined }) });
    expect(await withoutChecksums).toBe(differences.completeWithoutChecksums);
    expect(await session.complete({ Parts: parts.toReversed() })).toBe(differences.completeInWrongOrder);
    expect(await session.complete({ Parts: [...parts, missing] })).toBe(differences.completeWithMissingPart);
    expect(await session.complete({ Parts: [] })).toBe(differences.completeWithoutParts);
    const wrongWhole = session.complete({ ChecksumSHA256: `${sha256Base64("other")}-2` });
    expect(await wrongWhole).toBe(differences.wrongChecksum);
    expect(await session.headOutcome()).toBe("404 NotFound");
    await session.abort();
  });

  it("invariant 3: refuses to complete over an object, and keeps the upload", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), "multipart/taken.mov");
    await client.send(new PutObjectCommand({ ...session.target, Body: "was here first" }));
    expect(await session.complete({ IfNoneMatch: "*" })).toBe("412 PreconditionFailed");
    const read = await client.send(new GetObjectCommand(session.target));
    expect(await read.Body?.transformToString()).toBe("was here first");
    expect((await client.send(new ListPartsCommand(session.upload))).Parts).toHaveLength(2);
    await session.abort();
  });

  it("knows a completed upload no more", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), "multipart/done.mov");
    expect(await session.complete({})).toBe("200");
    expect(await outcomeOf(client.send(new ListPartsCommand(session.upload)))).toBe("404 NoSuchUpload");
    expect(await session.complete({ IfNoneMatch: "*" })).toBe(differences.completeAgainConditionally);
    expect(await session.complete({})).toBe(differences.completeAgain);
    expect(await session.headOutcome()).toBe("200");
  });

  it("refuses small parts before the last, and an upload of another key", async () => {
    const { client } = context();
    const small = [Buffer.from("small"), Buffer.from("tail")];
    const session = await MultipartSession.withParts(context(), "multipart/small.mov", small);
    expect(await session.complete({})).toBe("400 EntityTooSmall");
    const elsewhere = { ...session.upload, Key: "multipart/other.mov" };
    expect(await outcomeOf(client.send(new ListPartsCommand(elsewhere)))).toBe("404 NoSuchUpload");
    await session.abort();
  });

  it("aborts, and answers as declared for an upload that isn't there", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Key: "multipart/aborted.mov" };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    expect(await outcomeOf(client.send(new AbortMultipartUploadCommand({ ...target, UploadId })))).toBe("204");
    expect(await outcomeOf(client.send(new ListPartsCommand({ ...target, UploadId })))).toBe("404 NoSuchUpload");
    const unknown = new AbortMultipartUploadCommand({ ...target, UploadId: "no-such-upload" });
    expect(await outcomeOf(client.send(unknown))).toBe(differences.abortUnknown);
  });
};
