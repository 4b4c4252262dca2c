import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { probeBucket } from "../../../helper/s3/probe-bucket.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { e2eServers, type E2eServer } from "../../support/helper-process/e2e-server.ts";

const bucket = "probed-photos";

/** What becomes of Glacier Instant Retrieval, and who they are taken for. */
const expected = {
  loopback: { glacier: "accepted", provider: {} },
  minio: { glacier: "refused", provider: { id: "minio", guessedBy: "server header", differences: [] } },
  versitygw: { glacier: "ignored", provider: { id: "versitygw", guessedBy: "server header", differences: [] } },
};

describe.each(e2eServers("minio", "versitygw"))("$name", ({ name, start }) => {
  let server: E2eServer;
  beforeAll(async () => {
    server = await start();
    await server.createBucket(bucket);
  }, 60_000);
  afterAll(() => server.close());

  const optionsOf = ({ endpoint, region, accessKeyId, secretAccessKey }: E2eServer, storageClass?: string) => ({
    destination: { endpoint, region, bucket, prefix: "photos", ...(storageClass ? { storageClass } : {}) },
    credentials: async () => ({ accessKeyId, secretAccessKey }),
  });

  test("is recognized, and does what the declared table says", async () => {
    const found = await probeBucket({ ...optionsOf(server), now: Date.now });
    expect(found).toMatchObject({
      provider: expected[name].provider,
      conditionalWrites: "honored",
      sha256Header: "verified",
      sha256InHead: "yes",
      missingObject: "404",
      multipart: { create: "allowed", part: "allowed", partSha256: "yes", listParts: "allowed", abort: "allowed" },
      storageClasses: { STANDARD: "accepted", GLACIER_IR: expected[name].glacier },
      missingActions: [],
    });
    expect(await server.list(bucket)).toEqual(new Map());
    expect(String(await server.get(bucket, "photos/.photolala/probe"))).toMatch(/^Photolala writes this object/);
  });

  test("refuses or keeps no class it has not, in words", async () => {
    const store = new S3ObjectStore(optionsOf(server, "GLACIER_IR"));
    const bytes = Buffer.from("a photo");
    const put = store.put({
      ...{ key: "photos/a.jpg", body: bytes, sizeBytes: bytes.length, contentType: "image/jpeg", metadata: {} },
      sha256Hex: sha256Of(bytes),
    });
    if (name === "minio") await expect(put).rejects.toMatchObject({ code: "storage-class-refused" });
    else expect(await put).toMatchObject({ kind: "stored" });
    store.close();
  });
});
