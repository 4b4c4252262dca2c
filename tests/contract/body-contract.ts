import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { exchangeRaw } from "../support/servers/exchange-raw.ts";
import { signRequest } from "../support/servers/sign-request.ts";
import { outcomeOf, sha256Base64, type ContractContext, type ContractPart } from "./contract-context.ts";

const body = Buffer.from("the bytes of a photo");

/** A body that isn't whole or isn't what was announced never becomes an object. */
export const bodyContract: ContractPart = (context, differences) => {
  const otherMd5 = createHash("md5").update("other bytes").digest("base64");
  const wrongDeclarations: [string, Partial<PutObjectCommandInput>, string][] = [
    ["SHA-256", { ChecksumSHA256: sha256Base64("other bytes") }, differences.wrongChecksum],
    ["CRC32", { ChecksumCRC32: "AAAAAA==" }, differences.wrongChecksum],
    ["MD5", { ContentMD5: otherMd5 }, "400 BadDigest"],
    ["malformed SHA-256", { ChecksumSHA256: "no checksum" }, differences.malformedChecksum],
    ["malformed MD5", { ContentMD5: "no checksum" }, "400 InvalidDigest"],
  ];
  for (const [name, declaration, expected] of wrongDeclarations) {
    it(`invariant 1: treats a body with a wrong ${name} as declared, and stores nothing it refused`, async () => {
      const { client, bucket } = context();
      const target = { Bucket: bucket, Key: `bodies/wrong ${name}.jpg` };
      const put = new PutObjectCommand({ ...target, Body: body, ...declaration });
      expect(await outcomeOf(client.send(put))).toBe(expected);
      const head = await outcomeOf(client.send(new HeadObjectCommand(target)));
      expect(head).toBe(headAfter(expected));
    });
  }

  it("takes a body with a correct MD5, and one with a correct CRC32 as declared", async () => {
    const { client, bucket } = context();
    const target = { Bucket: bucket, Body: body };
    const crc32 = new PutObjectCommand({ ...target, Key: "bodies/crc32.jpg", ChecksumCRC32: "NMYvGA==" });
    expect(await outcomeOf(client.send(crc32))).toBe(differences.rightChecksum);
    const ContentMD5 = createHash("md5").update(body).digest("base64");
    expect(await outcomeOf(client.send(new PutObjectCommand({ ...target, Key: "bodies/md5.jpg", ContentMD5 })))).toBe(
      "200",
    );
  });

  it("takes an unsigned payload, bound to its checksum as declared", async () => {
    const unsigned = { payloadHash: "UNSIGNED-PAYLOAD", body };
    const right = { ...unsigned, headers: { "x-amz-checksum-sha256": sha256Base64(body) } };
    expect(await rawPut(context(), "bodies/unsigned.jpg", right)).toBe(differences.rightChecksum);
    const wrong = { ...unsigned, headers: { "x-amz-checksum-sha256": sha256Base64("other bytes") } };
    expect(await rawPut(context(), "bodies/unsigned-wrong.jpg", wrong)).toBe(differences.wrongChecksum);
    expect(await headOutcome(context(), "bodies/unsigned-wrong.jpg")).toBe(headAfter(differences.wrongChecksum));
  });

  it("treats a body that isn't the one that was signed as declared", async () => {
    const payloadHash = createHash("sha256").update("other bytes").digest("hex");
    expect(await rawPut(context(), "bodies/resigned.jpg", { payloadHash, body })).toBe(differences.wrongPayloadHash);
    expect(await headOutcome(context(), "bodies/resigned.jpg")).toBe(headAfter(differences.wrongPayloadHash));
  });

  it("treats a body without a length as declared", async () => {
    const chunked = `${body.length.toString(16)}\r\n${body.toString()}\r\n0\r\n\r\n`;
    const request = { body: Buffer.from(chunked), unsignedHeaders: { "transfer-encoding": "chunked" } };
    const put = rawPut(context(), "bodies/no-length.jpg", { payloadHash: "UNSIGNED-PAYLOAD", ...request });
    expect(await put).toBe(differences.missingLength);
    expect(await headOutcome(context(), "bodies/no-length.jpg")).toBe(headAfter(differences.missingLength));
  });

  it("invariant 1: a body that ends early leaves no object", async () => {
    const unsignedHeaders = { "content-length": String(body.length + 1) };
    const short = { payloadHash: "UNSIGNED-PAYLOAD", body, unsignedHeaders, endsAfterBody: true };
    const put = rawPut(context(), "bodies/short.jpg", short);
    expect(await put).toBe(differences.incompleteBody);
    expect(await headOutcome(context(), "bodies/short.jpg")).toBe("404 NotFound");
  });
};

/** Nothing that was refused is there. */
function headAfter(outcome: string): string {
  return outcome === "200" ? "200" : "404 NotFound";
}

interface RawPut {
  payloadHash: string;
  body: Buffer;
  headers?: Record<string, string>;
  /** Added after signing; a Content-Length that fits the body unless given. */
  unsignedHeaders?: Record<string, string>;
  endsAfterBody?: boolean;
}

function rawPut({ server, bucket }: ContractContext, key: string, request: RawPut): Promise<string> {
  const { payloadHash, headers = {}, body: bytes, endsAfterBody = false } = request;
  const { port, region, accessKeyId, secretAccessKey } = server;
  const target = { method: "PUT", path: `/${bucket}/${key}` };
  const host = `127.0.0.1:${port}`;
  const signed = signRequest({ ...target, host, region, accessKeyId, secretAccessKey, headers, payloadHash });
  const length = request.unsignedHeaders ?? { "content-length": String(bytes.length) };
  return exchangeRaw({ ...target, port, headers: { ...signed, ...length }, body: bytes, endsAfterBody });
}

function headOutcome({ client, bucket }: ContractContext, Key: string): Promise<string> {
  return outcomeOf(client.send(new HeadObjectCommand({ Bucket: bucket, Key })));
}
