import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { outcomeOf, sha256Base64, type ContractPart } from "./contract-context.ts";
import type { StoreDifferences } from "./store-differences.ts";
import { MultipartSession, partBodies, wholeChecksum, type Completion } from "./multipart-session.ts";

const etagPatterns: Record<StoreDifferences["multipartEtag"], RegExp> = {
  "md5-of-md5s": /^"[0-9a-f]{32}-2"$/,
  md5: /^"[0-9a-f]{32}"$/,
  opaque: /^"[^"]{8,}"$/,
};

/** Large photos and videos: parts that can be resumed, checked one by one and as a whole, in one step. */
export const multipartContract: ContractPart = (context, differences) => {
  it("completes an upload with composite SHA-256 and metadata", async () => {
    const session = await MultipartSession.withParts(context(), differences, "multipart/whole.mov");
    expect(await session.headOutcome()).toBe("404 NotFound");
    const checksum = session.withChecksums ? { ChecksumSHA256: wholeChecksum } : {};
    const condition = differences.conditionalCreate === "200" ? { IfNoneMatch: "*" } : {};
    expect(await session.complete({ ...checksum, ...condition })).toBe("200");
    const { client } = context();
    const mode = differences.headWithChecksumMode === "200" ? { ChecksumMode: "ENABLED" as const } : {};
    const head = await client.send(new HeadObjectCommand({ ...session.target, ...mode }));
    expect(head).toMatchObject({
      ContentLength: Buffer.concat(partBodies).length,
      Metadata: { sha256: "of-the-whole" },
    });
    expect([head.ChecksumSHA256, head.ChecksumType]).toEqual(
      differences.keepsPartChecksums ? [wholeChecksum, "COMPOSITE"] : [undefined, undefined],
    );
    expect(head.ETag).toMatch(etagPatterns[differences.multipartEtag]);
    const read = await client.send(new GetObjectCommand({ ...session.target, Range: "bytes=5242878-" }));
    expect(await read.Body?.transformToString()).toBe("\u0001\u0001tail");
  });

  it("lists the parts with their checksums, paged", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), differences, "multipart/listed.mov");
    const first = await client.send(new ListPartsCommand({ ...session.upload, MaxParts: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: differences.markerAfterPartOne });
    const PartNumberMarker = first.NextPartNumberMarker;
    const second = await client.send(new ListPartsCommand({ ...session.upload, MaxParts: 1, PartNumberMarker }));
    expect(second.IsTruncated).toBe(false);
    expect([...(first.Parts ?? []), ...(second.Parts ?? [])]).toMatchObject(
      partBodies.map((body, index) => ({
        PartNumber: index + 1,
        Size: body.length,
        ...(differences.keepsPartChecksums ? { ChecksumSHA256: sha256Base64(body) } : {}),
      })),
    );
    const checksums = (first.Parts ?? []).map((part) => part.ChecksumSHA256 !== undefined);
    expect(checksums).toEqual([differences.keepsPartChecksums]);
    await session.abort();
  });

  it("finds unfinished uploads by key, and by prefix where the store can", async () => {
    const { client, bucket } = context();
    const session = await MultipartSession.withParts(context(), differences, "unfinished/a.mov");
    const list = async (Prefix: string): Promise<(string | undefined)[]> => {
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix }));
      return (Uploads ?? []).map((upload) => upload.UploadId);
    };
    expect(await list("unfinished/a.mov")).toEqual([session.upload.UploadId]);
    expect(await list("unfinished/")).toEqual(differences.listsUploadsByPrefix ? [session.upload.UploadId] : []);
    await session.abort();
    expect(await list("unfinished/a.mov")).toEqual([]);
  });

  it("treats parts that are damaged, without checksum or out of range as declared, and refuses those of no upload", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), differences, "multipart/parts.mov");
    const checksum = session.withChecksums ? { ChecksumSHA256: sha256Base64("tail") } : {};
    const part = { ...session.upload, PartNumber: 2, Body: "tail", ...checksum };
    const send = (changes: object): Promise<string> =>
      outcomeOf(client.send(new UploadPartCommand({ ...part, ...changes })));
    expect(await send({ ChecksumSHA256: sha256Base64("other") })).toBe(differences.wrongPartChecksum);
    expect(await send({ ChecksumSHA256: undefined })).toBe(differences.partWithoutChecksum);
    expect(await send({ PartNumber: 0 })).toBe(differences.partNumberZero);
    expect(await send({ PartNumber: 10_001 })).toBe(differences.partNumberTooHigh);
    expect(await send({ UploadId: "no-such-upload" })).toBe("404 NoSuchUpload");
    await session.abort();
  });

  it("invariant 1: treats a completion of something else than was uploaded as declared", async () => {
    const attempt = async (key: keyof StoreDifferences, changes: (parts: CompletedPart[]) => Completion) => {
      const session = await MultipartSession.withParts(context(), differences, `multipart/refused ${key}.mov`);
      const outcome = await session.complete(changes(session.parts));
      expect([key, outcome]).toEqual([key, differences[key]]);
      expect([key, await session.headOutcome()]).toEqual([key, outcome === "200" ? "200" : "404 NotFound"]);
      if (outcome !== "200") await session.abort();
    };
    const changed = (parts: CompletedPart[], change: object) => parts.map((part) => ({ ...part, ...change }));
    const wrongEtag = { ETag: '"00000000000000000000000000000000"' };
    const wrongChecksum = { ChecksumSHA256: sha256Base64("other") };
    await attempt("completeWithWrongEtag", (parts) => ({ Parts: changed(parts, wrongEtag) }));
    await attempt("completeWithWrongPartChecksum", (parts) => ({ Parts: changed(parts, wrongChecksum) }));
    await attempt("completeWithoutChecksums", (parts) => ({ Parts: changed(parts, { ChecksumSHA256: undefined }) }));
    await attempt("completeInWrongOrder", (parts) => ({ Parts: parts.toReversed() }));
    await attempt("completeWithMissingPart", (parts) => ({ Parts: [...parts, { ...parts[1], PartNumber: 3 }] }));
    await attempt("completeWithoutParts", () => ({ Parts: [] }));
    await attempt("completeWithWrongChecksum", () => ({ ChecksumSHA256: `${sha256Base64("other")}-2` }));
  });

  it("invariant 3: treats a conditional completion over an object as declared, and keeps what it refused", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), differences, "multipart/taken.mov");
    await client.send(new PutObjectCommand({ ...session.target, Body: "was here first" }));
    expect(await session.complete({ IfNoneMatch: "*" })).toBe(differences.completeOverObject);
    const head = await client.send(new HeadObjectCommand(session.target));
    const isOverwritten = differences.completeOverObject === "200";
    expect(head.ContentLength === "was here first".length).toBe(!isOverwritten);
    if (isOverwritten) return;
    expect((await client.send(new ListPartsCommand(session.upload))).Parts).toHaveLength(2);
    await session.abort();
  });

  it("knows a completed upload no more", async () => {
    const { client } = context();
    const session = await MultipartSession.withParts(context(), differences, "multipart/done.mov");
    expect(await session.complete({})).toBe("200");
    expect(await outcomeOf(client.send(new ListPartsCommand(session.upload)))).toBe(differences.listPartsAfterComplete);
    expect(await session.complete({ IfNoneMatch: "*" })).toBe(differences.completeAgainConditionally);
    expect(await session.complete({})).toBe(differences.completeAgain);
    expect(await session.headOutcome()).toBe("200");
  });

  it("treats small parts before the last, and an upload of another key, as declared", async () => {
    const { client } = context();
    const small = [Buffer.from("small"), Buffer.from("tail")];
    const session = await MultipartSession.withParts(context(), differences, "multipart/small.mov", small);
    const elsewhere = { ...session.upload, Key: "multipart/other.mov" };
    expect(await outcomeOf(client.send(new ListPartsCommand(elsewhere)))).toBe(differences.listPartsOfOtherKey);
    const outcome = await session.complete({});
    expect(outcome).toBe(differences.completeSmallParts);
    if (outcome !== "200") await session.abort();
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
