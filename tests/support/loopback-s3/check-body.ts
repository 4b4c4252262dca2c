import type { StoreBehavior } from "./loopback-options.ts";
import type { ReceivedBody } from "./receive-body.ts";
import { refuse } from "./refuse.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";
import type { Checksums } from "./stored-object.ts";

/** What a request says about its body, to be held against the bytes that came. */
export interface DeclaredBody {
  /** Hex; undefined for UNSIGNED-PAYLOAD. */
  payloadSha256: string | undefined;
  /** Base64. */
  contentMd5: string | undefined;
  checksums: Checksums;
}

const unsupportedChecksums = ["crc32c", "crc64nvme", "sha1", "sha512", "md5", "xxhash64", "xxhash3", "xxhash128"];

/**
 * Reads what the headers declare, before the body is taken.
 * @throws S3Error for a malformed declaration, 501 for streaming signatures, trailers and other algorithms
 */
export function declaredBody(request: S3Request, behavior: ChecksumRules = ignoringChecksums): DeclaredBody {
  const { headers } = request;
  const payload = headerOf(headers, "x-amz-content-sha256");
  if (payload === undefined) {
    throw new S3Error(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  if (payload.startsWith("STREAMING-") || headers["x-amz-trailer"] !== undefined) {
    throw new S3Error(501, "NotImplemented", "Streaming signatures and trailing checksums are not implemented.");
  }
  if (payload !== "UNSIGNED-PAYLOAD" && !/^[0-9a-f]{64}$/.test(payload)) {
    throw new S3Error(400, "InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a valid sha256 value.");
  }
  const contentMd5 = headerOf(headers, "content-md5");
  if (contentMd5 !== undefined && !isBase64Of(contentMd5, 16)) {
    throw new S3Error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  return {
    payloadSha256: payload === "UNSIGNED-PAYLOAD" ? undefined : payload,
    contentMd5,
    checksums: behavior.checksums === "ignored" ? {} : declaredChecksums(request, behavior),
  };
}

const ignoringChecksums = { checksums: "ignored", answers: {} } as const;

type ChecksumRules = Pick<StoreBehavior, "checksums" | "answers">;

function declaredChecksums(request: S3Request, behavior: ChecksumRules): Checksums {
  const given = Object.keys(request.headers).find((name) => /^x-amz-(sdk-)?checksum-(?!mode|type)/.test(name));
  if (given && behavior.checksums === "refused") {
    throw new S3Error(400, "InvalidArgument", `Unsupported header '${given}' received for this API call.`);
  }
  const unsupported = unsupportedChecksums.find((name) => request.headers[`x-amz-checksum-${name}`] !== undefined);
  if (unsupported) throw new S3Error(501, "NotImplemented", `x-amz-checksum-${unsupported} is not implemented.`);
  const sha256 = headerOf(request.headers, "x-amz-checksum-sha256");
  const crc32 = headerOf(request.headers, "x-amz-checksum-crc32");
  if (sha256 !== undefined && crc32 !== undefined) {
    throw new S3Error(
      400,
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  if (sha256 !== undefined && !isBase64Of(sha256, 32)) refuse(behavior, "malformedChecksum", invalidChecksum("sha256"));
  if (crc32 !== undefined && !isBase64Of(crc32, 4)) refuse(behavior, "malformedChecksum", invalidChecksum("crc32"));
  if (request.headers["x-amz-sdk-checksum-algorithm"] !== undefined && sha256 === undefined && crc32 === undefined) {
    throw new S3Error(
      400,
      "InvalidRequest",
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  return { ...(sha256 !== undefined && { sha256 }), ...(crc32 !== undefined && { crc32 }) };
}

function invalidChecksum(name: string): S3Error {
  return new S3Error(400, "InvalidRequest", `Value for x-amz-checksum-${name} header is invalid.`);
}

function isBase64Of(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes && decoded.toString("base64") === text;
}

/** @throws S3Error when the bytes that came are not those that were declared */
export function checkBody(declared: DeclaredBody, received: ReceivedBody, behavior: ChecksumRules): void {
  const sha256Hex = Buffer.from(received.sha256, "base64").toString("hex");
  if (declared.payloadSha256 !== undefined && declared.payloadSha256 !== sha256Hex) {
    throw new S3Error(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (declared.contentMd5 !== undefined && declared.contentMd5 !== received.md5) {
    throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  for (const algorithm of ["sha256", "crc32"] as const) {
    const value = declared.checksums[algorithm];
    if (value === undefined || value === received[algorithm]) continue;
    const name = algorithm.toUpperCase();
    const words = `The ${name} you specified did not match the calculated checksum.`;
    refuse(behavior, "wrongChecksum", new S3Error(400, "BadDigest", words));
  }
}
