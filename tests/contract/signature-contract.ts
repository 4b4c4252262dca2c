import { HeadObjectCommand, ListObjectsV2Command, type S3ClientConfig } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { exchangeRaw } from "../support/servers/exchange-raw.ts";
import { signRequest } from "../support/servers/sign-request.ts";
import { contractClient } from "./contract-client.ts";
import { outcomeOf, type ContractContext, type ContractPart } from "./contract-context.ts";

const minuteMs = 60_000;

/** Who may come in. */
export const signatureContract: ContractPart = (context, differences) => {
  it("refuses a wrong secret, with an error code only where there is a body", async () => {
    const { accessKeyId } = context().server;
    const credentials = { accessKeyId, secretAccessKey: "not-the-secret" };
    expect(await listOutcome(context(), { credentials })).toBe("403 SignatureDoesNotMatch");
    expect(await headOutcome(context(), { credentials })).toBe("403 Unknown");
  });

  it("refuses an unknown access key", async () => {
    const credentials = { accessKeyId: "nobodys-key", secretAccessKey: "nobodys-secret" };
    expect(await listOutcome(context(), { credentials })).toBe(differences.unknownAccessKey);
    expect(await headOutcome(context(), { credentials })).toBe(differences.unknownAccessKeyHead);
  });

  it("refuses a session token nobody gave out", async () => {
    const { accessKeyId, secretAccessKey } = context().server;
    const credentials = { accessKeyId, secretAccessKey, sessionToken: "no-token" };
    expect(await listOutcome(context(), { credentials })).toBe(differences.unknownSessionToken);
  });

  it("refuses, or ignores, a signature for another region", async () => {
    expect(await listOutcome(context(), { region: "eu-west-1" })).toBe(differences.wrongRegion);
  });

  it("takes a clock 10 minutes off and refuses one 20 minutes off", async () => {
    for (const sign of [-1, 1]) {
      expect(await listOutcome(context(), { systemClockOffset: sign * 10 * minuteMs })).toBe("200");
      const tooFar = listOutcome(context(), { systemClockOffset: sign * 20 * minuteMs });
      expect(await tooFar).toBe("403 RequestTimeTooSkewed");
    }
  });

  it("refuses a request without a signature", async () => {
    const { server, bucket } = context();
    const headers = { host: `127.0.0.1:${server.port}`, "content-length": "0" };
    expect(await exchangeRaw({ port: server.port, method: "GET", path: `/${bucket}/x`, headers })).toBe(
      "403 AccessDenied",
    );
  });

  it("refuses an amz header that was added after signing", async () => {
    const { server, bucket } = context();
    const { port, region, accessKeyId, secretAccessKey } = server;
    const target = { method: "PUT", path: `/${bucket}/signatures/added.jpg` };
    const host = `127.0.0.1:${port}`;
    const payloadHash = "UNSIGNED-PAYLOAD";
    const signed = signRequest({ ...target, host, region, accessKeyId, secretAccessKey, payloadHash });
    const headers = { ...signed, "x-amz-meta-added": "later", "content-length": "0" };
    expect(await exchangeRaw({ ...target, port, headers })).toBe(differences.unsignedHeader);
  });
};

async function listOutcome({ server, bucket }: ContractContext, config: Partial<S3ClientConfig>): Promise<string> {
  const client = contractClient(server, config);
  const outcome = await outcomeOf(client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })));
  client.destroy();
  return outcome;
}

async function headOutcome({ server, bucket }: ContractContext, config: Partial<S3ClientConfig>): Promise<string> {
  const client = contractClient(server, config);
  const outcome = await outcomeOf(client.send(new HeadObjectCommand({ Bucket: bucket, Key: "signatures/any.jpg" })));
  client.destroy();
  return outcome;
}
