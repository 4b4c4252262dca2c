import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { timeLimits } from "../../../helper/s3/time-limits.ts";

const keysAPage = 1_000;

/** A store that answers everything with this listing. @returns the path it was asked for, too */
async function storeAnswering(contents: string) {
  const asked: string[] = [];
  const page = `<ListBucketResult><Name>photos</Name><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const destination = { endpoint, region: "us-east-1", bucket: "photos", prefix: "p" };
  const store = new S3ObjectStore({
    destination,
    credentials: async () => ({ accessKeyId: "k", secretAccessKey: "s" }),
  });
  onTestFinished(() => {
    store.close();
    server.close().closeAllConnections();
  });
  return { store, asked };
}

/** As much as any store says of an object, and a key as long as one may be. */
const fullest = (number: number) =>
  `<Contents><Key>p/${"%E2%82%AC".repeat(330)}${number}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>` +
  `<ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><ChecksumAlgorithm>SHA256</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>` +
  `<Size>123456789</Size><Owner><DisplayName>${"somebody".repeat(8)}</DisplayName><ID>${"0".repeat(64)}</ID></Owner>` +
  `<StorageClass>INTELLIGENT_TIERING</StorageClass><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress>` +
  `<RestoreExpiryDate>2026-01-02T03:04:05.000Z</RestoreExpiryDate></RestoreStatus></Contents>`;

const many = (count: number, one: (number: number) => string) =>
  Array.from({ length: count }, (_, at) => one(at)).join("");

test("a page is asked for 1,000 keys, and taken with so many of the longest", async () => {
  const { store, asked } = await storeAnswering(many(keysAPage, fullest));
  expect((await store.list("p/")).objects).toHaveLength(keysAPage);
  expect(asked[0]).toContain("max-keys=1000");
  // With room to spare below what an answer may be.
  expect(many(keysAPage, fullest).length).toBeLessThan(timeLimits.answerBytesMost * 0.75);
});

test.each([
  ["one key too many", many(keysAPage + 1, fullest)],
  ["empty ones", "<Contents/>".repeat(keysAPage + 1)],
  ["as many as go into an answer", "<Contents/>".repeat(500_000)],
  ["ones with notes in their tags", '<Contents a="b"></Contents>'.repeat(keysAPage + 1)],
  ["elements of any other name", "<a/>".repeat(1_400_000)],
])("invariant 8: a page with %s is given up before it is taken apart", async (_, contents) => {
  const { store } = await storeAnswering(contents);
  await expect(store.list("p/")).rejects.toMatchObject({
    code: "not-s3",
    detail: expect.stringContaining("more keys than") as string,
  });
});

test("an answer larger than any page is given up as one without end", async () => {
  const { store } = await storeAnswering(" ".repeat(6 * 1024 * 1024));
  await expect(store.list("p/")).rejects.toMatchObject({ code: "not-s3" });
});
