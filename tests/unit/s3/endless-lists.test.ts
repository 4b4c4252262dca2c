import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { DestinationGate } from "../../../helper/backup/destination-gate.ts";
import { listPieces } from "../../../helper/catalogue/list-pieces.ts";
import { createClient } from "../../../helper/s3/create-client.ts";
import { listBuckets } from "../../../helper/s3/list-buckets.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { FakeClock } from "../../support/engine/fake-clock.ts";

const credentials = async () => ({ accessKeyId: "key", secretAccessKey: "secret" });
const notThisUpload = { code: "unknown", detail: expect.stringContaining("without its end") as string };
const notS3 = { code: "not-s3", detail: expect.stringContaining("without its end") as string };

/** A server whose every list has a further page, with a marker that it never gave before. */
async function endpointOf(page: (number: number) => string): Promise<string> {
  let number = 0;
  const server = createServer((_, response) => void response.end(page((number += 1))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function storeOf(page: (number: number) => string): Promise<S3ObjectStore> {
  const destination = { endpoint: await endpointOf(page), region: "us-east-1", bucket: "photos", prefix: "p" };
  const store = new S3ObjectStore({ destination, credentials });
  onTestFinished(() => store.close());
  return store;
}

function many(count: number, one: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => one(index)).join("");
}

test.each([
  ["empty", 0],
  ["full", 1_000],
])("%s pages of parts end in words, not in all memory there is", async (_, count) => {
  const part = (index: number) => `<Part><PartNumber>${index + 1}</PartNumber><Size>1</Size><ETag>"e"</ETag></Part>`;
  const store = await storeOf(
    (number) =>
      `<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>${number}</NextPartNumberMarker>${many(count, part)}</ListPartsResult>`,
  );
  await expect(store.multipart.listParts("p/a.mov", "id")).rejects.toMatchObject(notThisUpload);
  expect(store.requestCount).toBeLessThan(20);
});

test("pages of begun uploads do", async () => {
  const store = await storeOf(
    (number) =>
      `<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k${number}</NextKeyMarker></ListMultipartUploadsResult>`,
  );
  await expect(store.multipart.listUploads("p/a.mov")).rejects.toMatchObject(notThisUpload);
});

test.each([
  ["empty", () => ""],
  ["new", (number: number) => `<Bucket><Name>photos-${number}</Name></Bucket>`],
])("%s pages of buckets do", async (_, buckets) => {
  const page = (number: number) =>
    `<ListAllMyBucketsResult><Buckets>${buckets(number)}</Buckets><ContinuationToken>${number}</ContinuationToken></ListAllMyBucketsResult>`;
  const client = createClient({ region: "us-east-1", endpoint: await endpointOf(page), credentials, maxSockets: 1 });
  onTestFinished(() => client.destroy());
  await expect(listBuckets(client)).rejects.toMatchObject(notS3);
});

test.each([
  ["new", (number: number) => `<Contents><Key>p/${number}</Key><Size>1</Size></Contents>`, 201],
  ["repeated", () => "<Contents><Key>p/a</Key><Size>1</Size></Contents>", 3],
])("%s pages of a catalogue do", async (_, contents, requestsMost) => {
  const store = await storeOf(
    (number) =>
      `<ListBucketResult><Name>photos</Name><IsTruncated>true</IsTruncated>${contents(number)}<NextContinuationToken>${number}</NextContinuationToken></ListBucketResult>`,
  );
  const clock = new FakeClock(0);
  const gate = new DestinationGate({ clock, random: () => 0, patienceMs: 0 });
  const parts = { store, gate, signal: new AbortController().signal };
  await expect(listPieces("p/.photolala/", "p", parts)).rejects.toMatchObject(notS3);
  expect(store.requestCount).toBeLessThan(requestsMost);
});
