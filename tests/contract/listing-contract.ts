import { ListObjectsV2Command, PutObjectCommand, type ListObjectsV2CommandInput } from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { outcomeOf, type ContractContext, type ContractPart } from "./contract-context.ts";

/** In the order of their UTF-8 bytes, which isn't that of JavaScript's strings. */
const names = ["B", "a!", "a-b", "a/b", "a/c", "b", "\uff5e", "\u{1f600}"];

/** Listing a bucket page by page, in S3's order. */
export const listingContract: ContractPart = (context, differences) => {
  beforeAll(async () => {
    const { client, bucket } = context();
    for (const name of names.toReversed()) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `listing/${name}`, Body: name }));
    }
  });

  it("lists keys in the order of their UTF-8 bytes, with sizes and ETags", async () => {
    const { client, bucket } = context();
    const listing = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "listing/" }));
    expect(listing.Contents?.map((object) => object.Key)).toEqual(names.map((name) => `listing/${name}`));
    expect(listing.Contents?.[0]).toMatchObject({ Size: 1, ETag: '"9d5ed678fe57bcca610140957afab571"' });
    expect(listing).toMatchObject({ IsTruncated: false, KeyCount: names.length });
  });

  it("pages through a listing, with and without URL encoding", async () => {
    for (const EncodingType of [undefined, "url"] as const) {
      const pages = await listPages(context(), { Prefix: "listing/", MaxKeys: 3, EncodingType });
      expect(pages.map((page) => page.length)).toEqual([3, 3, 2]);
      expect(pages.flat()).toHaveLength(new Set(pages.flat()).size);
    }
  });

  it("ends a page that is exactly full without another", async () => {
    const pages = await listPages(context(), { Prefix: "listing/", MaxKeys: names.length });
    expect(pages.map((page) => page.length)).toEqual([names.length]);
  });

  it("starts after a key, and folds by a delimiter", async () => {
    const { client, bucket } = context();
    const range = { Bucket: bucket, Prefix: "listing/" };
    const after = await client.send(new ListObjectsV2Command({ ...range, StartAfter: "listing/a/b" }));
    expect(after.Contents?.[0]?.Key).toBe("listing/a/c");
    const folded = await client.send(new ListObjectsV2Command({ ...range, Delimiter: "/" }));
    expect(folded.CommonPrefixes).toEqual([{ Prefix: "listing/a/" }]);
    expect(folded.Contents).toHaveLength(names.length - 2);
  });

  it("says when the bucket is missing, and gives nothing for an unknown prefix", async () => {
    const { client, bucket } = context();
    const missing = client.send(new ListObjectsV2Command({ Bucket: "missing-bucket" }));
    expect(await outcomeOf(missing)).toBe(differences.listMissingBucket);
    const nothing = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "no such prefix/" }));
    expect(nothing.Contents ?? []).toEqual([]);
    expect(nothing.IsTruncated).toBe(false);
  });
};

async function listPages(
  { client, bucket }: ContractContext,
  input: Omit<ListObjectsV2CommandInput, "Bucket">,
): Promise<string[][]> {
  const pages: string[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ ...input, Bucket: bucket, ContinuationToken }));
    pages.push((page.Contents ?? []).map((object) => object.Key ?? ""));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return pages;
}
