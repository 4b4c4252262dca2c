import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { ObjectUpload } from "../../../helper/backup/object-store.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";

const large = Buffer.alloc(24 * 1024 * 1024, "abc");

/** Something in between that says yes to the headers, with our own checksum, and reads no body. */
async function yesSayer(): Promise<S3ObjectStore> {
  const said = new Set<IncomingMessage>();
  const server = createServer((request, response) => {
    said.add(request);
    const checksum = request.headers["x-amz-checksum-sha256"] as string;
    response.writeHead(200, { etag: '"e"', "x-amz-checksum-sha256": checksum, "content-length": 0 }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const destination = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", bucket: "photos", prefix: "p" };
  const credentials = async () => ({ accessKeyId: "key", secretAccessKey: "secret" });
  const store = new S3ObjectStore({ destination, credentials, conditionalWrites: "honored" });
  onTestFinished(() => {
    store.close();
    for (const request of said) request.destroy();
    server.close();
  });
  return store;
}

const stream: ObjectUpload["body"] = () => Readable.from([large.subarray(0, 9_000_000), large.subarray(9_000_000)]);

test.each([
  ["held in memory", {}],
  ["that is streamed", { body: stream }],
])("invariant 1: a yes before the body was sent is none, for a body %s", async (_, changes) => {
  const store = await yesSayer();
  await expect(store.put(uploadOf(large, changes))).rejects.toMatchObject({
    code: "not-s3",
    detail: expect.stringContaining("before") as string,
  });
});

test("invariant 1: nor is one to a part", async () => {
  const store = await yesSayer();
  const { key, body, sizeBytes, sha256Hex } = uploadOf(large);
  const part = { key, uploadId: "1", number: 1, body, sizeBytes, sha256Hex, onSent: () => undefined };
  await expect(store.multipart.putPart(part)).rejects.toMatchObject({ code: "not-s3" });
});
