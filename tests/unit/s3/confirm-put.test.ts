import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { ObjectUpload } from "../../../helper/backup/object-store.ts";
import { confirmPut } from "../../../helper/s3/confirm-put.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";

const bytes = Buffer.from("a photo");
const md5 = createHash("md5").update(bytes).digest("hex");
const sha256 = createHash("sha256").update(bytes).digest("base64");

const upload: ObjectUpload = {
  key: "photos/a.jpg",
  body: bytes,
  sizeBytes: bytes.length,
  sha256Hex: sha256Of(bytes),
  contentType: "image/jpeg",
  metadata: {},
};

describe("invariant 1: an answer to an upload", () => {
  test("with the SHA-256 of our bytes confirms it, whatever the ETag is", () => {
    expect(confirmPut({ ETag: '"opaque"', ChecksumSHA256: sha256 }, upload)).toEqual({
      kind: "stored",
      etag: "opaque",
    });
    expect(confirmPut({ ChecksumSHA256: sha256 }, upload)).toEqual({ kind: "stored" });
  });

  test("with another SHA-256 is an error, even when the ETag fits", () => {
    const other = createHash("sha256").update("other").digest("base64");
    expect(() => confirmPut({ ETag: `"${md5}"`, ChecksumSHA256: other }, upload)).toThrowError(
      expect.objectContaining({ code: "checksum-mismatch" }),
    );
  });

  test.each([md5, md5.toUpperCase()])("with the MD5 of our bytes as ETag confirms it: %s", (etag) => {
    expect(confirmPut({ ETag: `"${etag}"` }, upload).kind).toBe("stored");
  });

  test.each([undefined, '""', '"0123"', `"${"0".repeat(32)}"`, `"${md5}-1"`])(
    "with ETag %s alone confirms nothing",
    (etag) => {
      expect(confirmPut(etag === undefined ? {} : { ETag: etag }, upload).kind).toBe("unconfirmed");
    },
  );

  test("with the MD5 of a stream, which nobody kept, confirms nothing", () => {
    const streamed = { ...upload, body: () => Readable.from([bytes]) };
    expect(confirmPut({ ETag: `"${md5}"` }, streamed).kind).toBe("unconfirmed");
  });
});
