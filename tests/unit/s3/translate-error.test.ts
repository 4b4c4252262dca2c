import { describe, expect, test } from "vitest";
import { translateError } from "../../../helper/s3/translate-error.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";

/** An error as the SDK makes it of a store's answer. */
function answer(status: number, name: string, message = "", headers: Record<string, string> = {}) {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status }, $response: { headers } });
}

function network(code: string, message = code) {
  return Object.assign(new Error(message), { code, syscall: "connect" });
}

describe("what each store's signal means", () => {
  test.each([
    ["AWS", 503, "SlowDown", "Reduce your request rate", "throttled"],
    ["AWS", 403, "AccessDenied", "Access Denied", "permission-denied"],
    ["AWS", 403, "InvalidAccessKeyId", "", "credentials-refused"],
    ["AWS", 403, "SignatureDoesNotMatch", "", "credentials-refused"],
    ["AWS", 403, "RequestTimeTooSkewed", "", "clock-wrong"],
    ["AWS", 400, "ExpiredToken", "", "credentials-expired"],
    ["AWS", 400, "RequestTimeout", "", "timeout"],
    ["AWS", 404, "NoSuchBucket", "", "bucket-missing"],
    ["AWS", 301, "PermanentRedirect", "", "wrong-region"],
    ["AWS", 400, "AuthorizationHeaderMalformed", "", "wrong-region"],
    ["AWS", 400, "IllegalLocationConstraintException", "", "wrong-region"],
    ["AWS", 409, "ConditionalRequestConflict", "", "write-conflict"],
    ["AWS", 409, "OperationAborted", "", "write-conflict"],
    ["AWS", 400, "BadDigest", "", "checksum-mismatch"],
    ["AWS", 400, "KeyTooLongError", "", "key-rejected"],
    ["AWS", 400, "EntityTooLarge", "", "too-large"],
    ["AWS", 500, "InternalError", "", "server-error"],
    ["AWS", 429, "TooManyRequests", "", "throttled"],
    ["MinIO", 507, "XMinioStorageFull", "", "quota-exceeded"],
    ["MinIO", 400, "XMinioAdminBucketQuotaExceeded", "", "quota-exceeded"],
    ["MinIO", 503, "SlowDownRead", "", "throttled"],
    ["MinIO", 503, "SlowDownWrite", "", "throttled"],
    ["MinIO", 503, "ServerBusy", "", "throttled"],
    ["MinIO", 400, "XAmzContentChecksumMismatch", "", "checksum-mismatch"],
    ["MinIO", 400, "XMinioInvalidObjectName", "", "key-rejected"],
    ["Ceph RGW", 403, "QuotaExceeded", "", "quota-exceeded"],
    ["Garage", 403, "AccessDenied", "Forbidden: object size quota is reached for this bucket", "quota-exceeded"],
    ["SeaweedFS", 403, "AccessDenied", "Access Denied.", "permission-denied"],
    [
      "B2",
      403,
      "AccessDenied",
      "Cannot upload files, storage cap exceeded. See the Caps & Alerts page",
      "quota-exceeded",
    ],
    ["B2", 403, "cap_exceeded", "", "quota-exceeded"],
    ["B2", 500, "InternalError", "incident id 0123", "server-error"],
    ["B2", 503, "ServiceUnavailable", "no tomes available", "throttled"],
    ["MinIO", 400, "InvalidStorageClass", "Invalid storage class.", "storage-class-refused"],
    ["versitygw", 403, "QuotaExceeded", "Your request was denied due to quota exceeded.", "quota-exceeded"],
    ["a web server", 302, "UnknownError", "", "not-s3"],
    ["a web server", 303, "UnknownError", "", "not-s3"],
    ["a web server", 308, "UnknownError", "", "not-s3"],
    ["any", 507, "UnknownError", "", "quota-exceeded"],
    ["any", 504, "UnknownError", "", "timeout"],
    ["any", 401, "UnknownError", "", "credentials-refused"],
    ["any", 400, "SomethingNew", "nobody knows", "unknown"],
    ["any", 418, "UnknownError", "", "unknown"],
  ])("%s: %i %s %s → %s's line in the table", (_store, status, name, message, code) => {
    const error = translateError(answer(status, name, message));
    expect(error.code).toBe(code);
    expect(error.detail).toContain(`HTTP ${status}`);
  });

  test.each([501, 505, 510])("invariant 8: %i, which no wait mends, is no outage to be waited out", (status) => {
    expect(translateError(answer(status, "NotImplemented")).reason.retry === "backoff").toBe(true);
    expect(translateError(answer(status, "NotImplemented")).reason.scope).toBe("photo");
  });

  test.each([
    ["ECONNREFUSED", "network-down"],
    ["ECONNRESET", "network-down"],
    ["ENOTFOUND", "network-down"],
    ["EAI_AGAIN", "network-down"],
    ["ENETUNREACH", "network-down"],
    ["EHOSTUNREACH", "network-down"],
    ["EPIPE", "network-down"],
    ["ETIMEDOUT", "timeout"],
    ["EPROTO", "tls-failed"],
    ["CERT_HAS_EXPIRED", "tls-failed"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-failed"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-failed"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls-failed"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls-failed"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls-failed"],
    ["HPE_INVALID_CONSTANT", "not-s3"],
    ["HPE_INVALID_HEADER_TOKEN", "not-s3"],
    ["EBADSOMETHING", "unknown"],
  ])("the network's %s is %s", (code, reason) => {
    expect(translateError(network(code)).code).toBe(reason);
    expect(translateError(Object.assign(new Error("wrapped"), { cause: network(code) })).code).toBe(reason);
  });

  test("a reset that the SDK calls a timeout is a reset", () => {
    const error = Object.assign(new Error("read ECONNRESET"), { name: "TimeoutError", code: "ECONNRESET" });
    expect(translateError(error).code).toBe("network-down");
    expect(translateError(Object.assign(new Error("slow"), { name: "TimeoutError" })).code).toBe("timeout");
  });

  test("a connection that hangs up without a code is a network that is down", () => {
    expect(translateError(new Error("socket hang up")).code).toBe("network-down");
  });

  test("a web page in place of an answer is no S3, unless its status says that a proxy has trouble", () => {
    const words = "char '<' is not expected.:1:1\n  Deserialization error: to see the raw response, inspect";
    expect(translateError(answer(200, "SyntaxError", words)).code).toBe("not-s3");
    expect(translateError(answer(404, "Error", words)).code).toBe("not-s3");
    expect(translateError(answer(502, "SyntaxError", words)).code).toBe("server-error");
    expect(translateError(answer(503, "SyntaxError", words)).code).toBe("throttled");
  });
});

describe("a translated error", () => {
  test("keeps Retry-After and its cause, and is not translated again", () => {
    const cause = answer(503, "SlowDown", "", { "retry-after": "30" });
    const error = translateError(cause);
    expect(error).toMatchObject({ code: "throttled", retryAfterMs: 30_000, cause });
    expect(translateError(error)).toBe(error);
  });

  test("names the permission that is missing", () => {
    const error = translateError(answer(403, "AccessDenied"), { action: "s3:PutObject" });
    expect(error.detail).toMatch(/^s3:PutObject is missing; AccessDenied, HTTP 403$/);
  });

  test("names the region the bucket is in, but nothing that is no region", () => {
    const wrong = answer(301, "PermanentRedirect", "", { "x-amz-bucket-region": "eu-west-3" });
    expect(translateError(wrong).detail).toMatch(/^the bucket is in eu-west-3; /);
    const malformed = Object.assign(answer(400, "AuthorizationHeaderMalformed"), { Region: "us-west-2" });
    expect(translateError(malformed).detail).toMatch(/^the bucket is in us-west-2; /);
    const odd = answer(301, "PermanentRedirect", "", { "x-amz-bucket-region": "a secret?" });
    expect(translateError(odd).detail).toBe("PermanentRedirect, HTTP 301");
  });

  test.each([
    [20 * 60_000, "this computer is 20 minutes behind; "],
    [-60_000, "this computer is 1 minute ahead; "],
    [0, "RequestTimeTooSkewed"],
  ])("says how wrong the clock is: %i ms", (aheadMs, words) => {
    const nowMs = Date.parse("2026-06-01T10:00:00Z");
    const date = new Date(nowMs + aheadMs).toUTCString();
    const error = translateError(answer(403, "RequestTimeTooSkewed", "", { date }), { nowMs });
    expect(error.code).toBe("clock-wrong");
    expect(error.detail?.startsWith(words), error.detail).toBe(true);
  });

  test("says that a SeaweedFS bucket may be full, which refuses writes as if a permission were missing", () => {
    const refused = answer(403, "AccessDenied", "Access Denied.", { server: "SeaweedFS 30GB 4.19" });
    expect(translateError(refused, { action: "s3:PutObject" }).detail).toMatch(
      /^storage full, or s3:PutObject is missing/,
    );
    expect(translateError(refused, { action: "s3:GetObject" }).detail).toMatch(/^s3:GetObject is missing/);
  });

  test.each([undefined, null, "a text", 42, {}, new Error("")])("is made of %s too, as unknown", (thrown) => {
    const error = translateError(thrown);
    expect(error).toBeInstanceOf(BackupError);
    expect(error.code).toBe("unknown");
    expect(error.message).not.toContain("undefined");
  });

  test("has at most a few words of a long message", () => {
    expect(translateError(new Error("x".repeat(10_000))).detail?.length).toBeLessThanOrEqual(200);
  });
});
