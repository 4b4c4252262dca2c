import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";
import { answering, startFront } from "./hostile-front.ts";

/** As many empty elements as go into an answer. */
const bulk = "<a/>".repeat(1_500_000);

async function storeAnswering(status: number, body: string): Promise<S3ObjectStore> {
  const attack = answering(status, { "content-type": "application/xml" }, body);
  const { endpoint } = await startFront({ endpoint: "http://127.0.0.1:9", attack });
  const destination = { endpoint, region: "us-east-1", bucket: "photos", prefix: "p" };
  const store = new S3ObjectStore({
    destination,
    credentials: async () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
  });
  onTestFinished(() => store.close());
  return store;
}

test.each([
  [403, "permission-denied"],
  [404, "unknown"],
  [503, "throttled"],
])("invariant 8: %i with millions of elements is told by its status, and not taken apart", async (status, code) => {
  const store = await storeAnswering(status, `<Error>${bulk}</Error>`);
  const error: unknown = await store.multipart
    .create(uploadOf(Buffer.from("hello")))
    .catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code });
  const { $response } = (error as { cause: { $response?: { body: Uint8Array } } }).cause;
  expect($response?.body ?? new Uint8Array()).toHaveLength(0);
});

test("invariant 8: nor is a yes with millions of elements", async () => {
  const store = await storeAnswering(200, `<InitiateMultipartUploadResult>${bulk}</InitiateMultipartUploadResult>`);
  const begun = store.multipart.create(uploadOf(Buffer.from("hello")));
  await expect(begun).rejects.toMatchObject({
    code: "not-s3",
    detail: expect.stringContaining("more in it") as string,
  });
});
