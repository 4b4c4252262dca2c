import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";

const refusals = {
  "Backblaze B2": [400, "InvalidArgument", "Unsupported header 'x-amz-checksum-sha256' received for this API call."],
  "one that names no header": [501, "NotImplemented", "A header you provided implies functionality that is not there"],
} as const;

/** Takes any upload but one with a SHA-256 header, and tells which headers came. */
async function storeWithoutSha256([status, code, message]: (typeof refusals)[keyof typeof refusals]) {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const hash = createHash("md5");
    request.on("data", (chunk: Buffer) => hash.update(chunk));
    request.on("end", () => {
      if (request.method === "HEAD") return response.writeHead(404).end();
      if (request.headers["x-amz-checksum-sha256"] !== undefined) {
        response.writeHead(status).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
      } else response.writeHead(200, { etag: `"${hash.digest("hex")}"` }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = new S3ObjectStore({
    destination: { endpoint, region: "us-west-004", bucket: "photos", prefix: "p" },
    credentials: async () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
  });
  onTestFinished(() => store.close());
  return { store, seen, puts: () => seen.filter((headers) => headers["content-length"] !== undefined) };
}

function uploadOf(bytes: Buffer, body: Buffer | (() => Readable) = bytes) {
  return {
    ...{ key: "p/a.jpg", body, sizeBytes: bytes.length, sha256Hex: sha256Of(bytes) },
    ...{ contentType: "image/jpeg", metadata: {} },
  };
}

describe.each(Object.entries(refusals))("a store without x-amz-checksum-sha256: %s", (_name, refusal) => {
  test("gets Content-MD5 and a payload signed with its hash, and its ETag confirms the upload", async () => {
    const { store, puts } = await storeWithoutSha256(refusal);
    const bytes = Buffer.from("a photo");
    expect(await store.put(uploadOf(bytes))).toMatchObject({ kind: "stored" });
    const taken = puts().at(-1);
    expect(taken?.["x-amz-checksum-sha256"]).toBeUndefined();
    expect(taken?.["content-md5"]).toBe(createHash("md5").update(bytes).digest("base64"));
    expect(taken?.["x-amz-content-sha256"]).toBe(sha256Of(bytes));
    expect(taken?.authorization).toContain("content-md5");
    const before = puts().length;
    await store.put(uploadOf(bytes));
    expect(puts().length).toBe(before + 1);
  });

  test("a streamed body has its MD5 too", async () => {
    const { store, puts } = await storeWithoutSha256(refusal);
    const bytes = Buffer.alloc(200_000, "abc");
    const body = () => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)], { objectMode: false });
    expect(await store.put(uploadOf(bytes, body))).toMatchObject({
      etag: createHash("md5").update(bytes).digest("hex"),
    });
    expect(puts().at(-1)?.["content-md5"]).toBe(createHash("md5").update(bytes).digest("base64"));
    expect(puts().at(-1)?.["x-amz-content-sha256"]).toBe(sha256Of(bytes));
  });
});
