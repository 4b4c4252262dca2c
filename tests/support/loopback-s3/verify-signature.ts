import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { AccessKey, StoreBehavior } from "./loopback-options.ts";
import { refuse } from "./refuse.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";

const maxSkewMs = 15 * 60 * 1000;

interface Authorization {
  accessKeyId: string;
  date: string;
  region: string;
  signedHeaders: string[];
  signature: string;
}

export interface SignatureChecks {
  accessKeys: readonly AccessKey[];
  /** The region requests of this bucket must be signed for. */
  region: string;
  now: Date;
  behavior: StoreBehavior;
}

/**
 * Checks an AWS Signature Version 4 in the Authorization header as S3 does, and returns the key that signed.
 * @throws S3Error with S3's own status and code for each way in which it can be wrong
 */
export function verifySignature(request: S3Request, checks: SignatureChecks): AccessKey {
  const authorization = parseAuthorization(request);
  const accessKey = checks.accessKeys.find((key) => key.accessKeyId === authorization.accessKeyId);
  if (!accessKey) {
    const words = "The AWS Access Key Id you provided does not exist in our records.";
    refuse(checks.behavior, "unknownAccessKey", new S3Error(403, "InvalidAccessKeyId", words));
    throw new Error("No store lets an unknown key pass");
  }
  checkTime(request, authorization, checks.now);
  const isElsewhere = authorization.region !== checks.region && checks.behavior.region === "bucket";
  if (isElsewhere) throw wrongRegion(authorization.region, checks.region);
  checkEverythingIsSigned(request, authorization, checks.behavior);
  const expected = signatureOf(request, authorization, accessKey.secretAccessKey);
  if (!equalHex(expected, authorization.signature)) {
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  checkToken(request, accessKey, checks.behavior);
  return accessKey;
}

function wrongRegion(given: string, wanted: string): S3Error {
  return new S3Error(
    400,
    "AuthorizationHeaderMalformed",
    `The authorization header is malformed; the region '${given}' is wrong; expecting '${wanted}'`,
    { elements: { Region: wanted }, headers: { "x-amz-bucket-region": wanted } },
  );
}

const authorizationPattern =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

function parseAuthorization(request: S3Request): Authorization {
  const header = request.headers.authorization;
  if (header === undefined) throw new S3Error(403, "AccessDenied", "Access Denied");
  const [, accessKeyId, date, region, signedHeaders, signature] = authorizationPattern.exec(header) ?? [];
  if (!accessKeyId || !date || !region || !signedHeaders || !signature) {
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  }
  return { accessKeyId, date, region, signedHeaders: signedHeaders.split(";"), signature };
}

function checkTime(request: S3Request, authorization: Authorization, now: Date): void {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headerOf(request.headers, "x-amz-date") ?? "") ?? [];
  if (!year) throw new S3Error(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  if (authorization.date !== `${year}${month}${day}`) {
    throw new S3Error(
      400,
      "AuthorizationHeaderMalformed",
      "The authorization header is malformed; Invalid credential date.",
    );
  }
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(signedAt - now.getTime()) <= maxSkewMs)) {
    throw new S3Error(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      { elements: { ServerTime: now.toISOString(), MaxAllowedSkewMilliseconds: String(maxSkewMs) } },
    );
  }
}

function checkEverythingIsSigned(request: S3Request, authorization: Authorization, behavior: StoreBehavior): void {
  const mustBeSigned = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  const unsigned = mustBeSigned.filter((name) => !authorization.signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  const elements = { HeadersNotSigned: unsigned.join(", ") };
  const words = "There were headers present in the request which were not signed";
  refuse(behavior, "unsignedHeader", new S3Error(403, "AccessDenied", words, { elements }));
}

function checkToken(request: S3Request, accessKey: AccessKey, behavior: StoreBehavior): void {
  const token = headerOf(request.headers, "x-amz-security-token");
  if (accessKey.expired) throw new S3Error(400, "ExpiredToken", "The provided token has expired.");
  if (token !== accessKey.sessionToken) {
    const error = new S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    refuse(behavior, "unknownSessionToken", error);
  }
}

/** Percent-encodes as SigV4 wants it: everything but A-Z a-z 0-9 - . _ ~ (encodeURIComponent spares a few more). */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalRequest(request: S3Request, signedHeaders: string[]): string {
  const path = request.rawPath.split("/").map((segment) => encodeStrictly(decodeURIComponent(segment)));
  const query = [...request.query].map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`).sort();
  const headers = signedHeaders.map((name) => {
    const value = request.headers[name];
    const text = Array.isArray(value) ? value.join(",") : (value ?? "");
    return `${name}:${text.trim().replace(/ +/g, " ")}\n`;
  });
  const payloadHash = headerOf(request.headers, "x-amz-content-sha256") ?? "";
  return [request.method, path.join("/"), query.join("&"), headers.join(""), signedHeaders.join(";"), payloadHash].join(
    "\n",
  );
}

const signingKeys = new Map<string, Buffer>();

function signingKey(secretAccessKey: string, date: string, region: string): Buffer {
  const cacheKey = `${date}/${region}/${secretAccessKey}`;
  const cached = signingKeys.get(cacheKey);
  if (cached) return cached;
  const step = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const key = step(step(step(step(`AWS4${secretAccessKey}`, date), region), "s3"), "aws4_request");
  signingKeys.set(cacheKey, key);
  return key;
}

function signatureOf(request: S3Request, authorization: Authorization, secretAccessKey: string): string {
  // Node gives header bytes as latin1 text; hashing them as latin1 hashes the very bytes that were sent.
  const hash = createHash("sha256")
    .update(canonicalRequest(request, authorization.signedHeaders), "latin1")
    .digest("hex");
  const scope = `${authorization.date}/${authorization.region}/s3/aws4_request`;
  const stringToSign = ["AWS4-HMAC-SHA256", headerOf(request.headers, "x-amz-date"), scope, hash].join("\n");
  return createHmac("sha256", signingKey(secretAccessKey, authorization.date, authorization.region))
    .update(stringToSign)
    .digest("hex");
}

function equalHex(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
