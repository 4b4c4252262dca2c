import { BackupError } from "../state/errors/backup-error.ts";
import type { ReasonCode } from "../state/errors/reasons.ts";
import { isWebPage } from "./is-web-page.ts";
import { parseRetryAfter } from "./parse-retry-after.ts";
import { refusalHint } from "./refusal-hint.ts";
import { isTlsCode, tlsHint } from "./tls-hint.ts";

/** The parts of an SDK or Node error that tell what it is; everything is optional because stores differ. */
interface SdkError {
  name?: string;
  message?: string;
  code?: string;
  Code?: string;
  Region?: unknown;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string>; statusCode?: number; body?: unknown };
  cause?: unknown;
}

const byCode: Record<string, ReasonCode> = {
  InvalidAccessKeyId: "credentials-refused",
  SignatureDoesNotMatch: "credentials-refused",
  InvalidToken: "credentials-refused",
  XAdminUserNotFound: "credentials-refused",
  AuthorizationHeaderMalformed: "wrong-region",
  PermanentRedirect: "wrong-region",
  // A new bucket's name is not known everywhere yet; it passes by itself.
  TemporaryRedirect: "server-error",
  IllegalLocationConstraintException: "wrong-region",
  ExpiredToken: "credentials-expired",
  ExpiredTokenException: "credentials-expired",
  TokenRefreshRequired: "credentials-expired",
  RequestTimeTooSkewed: "clock-wrong",
  RequestExpired: "clock-wrong",
  NoSuchBucket: "bucket-missing",
  InvalidBucketName: "bucket-missing",
  AccessDenied: "permission-denied",
  AllAccessDisabled: "permission-denied",
  AccountProblem: "permission-denied",
  SlowDown: "throttled",
  SlowDownRead: "throttled",
  SlowDownWrite: "throttled",
  ServerBusy: "throttled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  TooManyRequests: "throttled",
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  ServiceUnavailable: "throttled",
  InternalError: "server-error",
  OperationAborted: "write-conflict",
  ConditionalRequestConflict: "write-conflict",
  RequestTimeout: "timeout",
  XMinioStorageFull: "quota-exceeded",
  XMinioAdminBucketQuotaExceeded: "quota-exceeded",
  QuotaExceeded: "quota-exceeded",
  BadDigest: "checksum-mismatch",
  InvalidDigest: "checksum-mismatch",
  XAmzContentChecksumMismatch: "checksum-mismatch",
  XAmzContentSHA256Mismatch: "checksum-mismatch",
  IncompleteBody: "checksum-mismatch",
  KeyTooLongError: "key-rejected",
  XMinioInvalidObjectName: "key-rejected",
  InvalidObjectName: "key-rejected",
  InvalidURI: "key-rejected",
  // Stores that keep objects as files: a file took the place of a folder of that name, or the other way around.
  ObjectParentIsFile: "key-rejected",
  ExistingObjectIsDirectory: "key-rejected",
  XMinioParentIsObject: "key-rejected",
  XMinioObjectExistsAsDirectory: "key-rejected",
  InvalidStorageClass: "storage-class-refused",
  EntityTooLarge: "too-large",
  CredentialsProviderError: "credentials-missing",
};

const byNetworkCode: Record<string, ReasonCode> = {
  ECONNREFUSED: "network-down",
  ECONNRESET: "network-down",
  ENOTFOUND: "network-down",
  EAI_AGAIN: "network-down",
  EAI_FAIL: "network-down",
  EHOSTUNREACH: "network-down",
  EHOSTDOWN: "network-down",
  ENETUNREACH: "network-down",
  ENETDOWN: "network-down",
  EADDRNOTAVAIL: "network-down",
  EPIPE: "network-down",
  ECONNABORTED: "network-down",
  ENOTCONN: "network-down",
  ETIMEDOUT: "timeout",
  HPE_INVALID_CONSTANT: "not-s3",
};

const byStatus: Record<number, ReasonCode> = {
  // S3's own redirects have a code or name the bucket's region; these are a web server's that sends us elsewhere.
  301: "not-s3",
  302: "not-s3",
  303: "not-s3",
  307: "not-s3",
  308: "not-s3",
  401: "credentials-refused",
  403: "permission-denied",
  407: "not-s3",
  408: "timeout",
  429: "throttled",
  500: "server-error",
  502: "server-error",
  503: "throttled",
  // No wait teaches a store what it does not know: a bounded failure, not an outage.
  501: "unknown",
  504: "timeout",
  505: "unknown",
  507: "quota-exceeded",
  510: "unknown",
  511: "not-s3",
};

/** A store says "full" in many ways; some of them only in the words of a 403. */
const quotaWords = /quota|cap_exceeded|\bcap\b|storage cap|capacity/i;

interface TranslateOptions {
  /** To turn a Retry-After date into a wait. */
  nowMs?: number;
  /** The IAM action that was needed, for the words of a refusal. */
  action?: string;
}

/**
 * What an error of the SDK, the network or the store means to us: the only place that looks inside such an error.
 * An error nobody knows is `unknown` with its cause shown; it is never taken for success.
 * @param error whatever was thrown
 */
export function translateError(error: unknown, { nowMs = Date.now(), action }: TranslateOptions = {}): BackupError {
  if (error instanceof BackupError) return error;
  const seen = (typeof error === "object" && error !== null ? error : {}) as SdkError;
  const status = seen.$metadata?.httpStatusCode ?? seen.$response?.statusCode;
  const retryAfterMs = parseRetryAfter(headerOf(seen, "retry-after"), nowMs);
  const code = codeOf(seen, status);
  const headers = seen.$response?.headers ?? {};
  const hint =
    code === "tls-failed"
      ? tlsHint(networkErrorOf(seen))
      : refusalHint(code, { action, headers, region: seen.Region, nowMs, status });
  const detail = [hint, detailOf(seen, status)].filter(Boolean).join("; ");
  return new BackupError(code, { detail, retryAfterMs, cause: error });
}

function codeOf(error: SdkError, status: number | undefined): ReasonCode {
  if (status === 403 && quotaWords.test(`${error.name} ${error.message}`)) return "quota-exceeded";
  const storeCode = own(byCode, error.Code) ?? own(byCode, error.name);
  if (storeCode) return storeCode;
  const networkCode = networkReason(error);
  if (networkCode) return networkCode;
  if (isPage(error)) return status && isProxysTrouble(status) ? (byStatus[status] ?? "server-error") : "not-s3";
  if ((status === 301 || status === 307) && headerOf(error, "x-amz-bucket-region")) return "wrong-region";
  if (status !== undefined) return byStatus[status] ?? (status >= 500 ? "server-error" : "unknown");
  return "unknown";
}

function networkReason(error: SdkError): ReasonCode | undefined {
  const { code } = networkErrorOf(error);
  // The SDK calls a reset connection a timeout too; the code tells them apart.
  if (error.name === "TimeoutError") return own(byNetworkCode, code) ?? "timeout";
  if (!code) return error.message === "socket hang up" ? "network-down" : undefined;
  if (isTlsCode(code)) return "tls-failed";
  if (/^HPE_/.test(code)) return "not-s3";
  return own(byNetworkCode, code);
}

function networkErrorOf(error: SdkError): SdkError {
  return error.code === undefined ? ((error.cause as SdkError | undefined) ?? {}) : error;
}

/** A store may name its code as it likes, "constructor" too. */
function own(table: Record<string, ReasonCode>, code: string | undefined): ReasonCode | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}

/** A proxy's or a captive portal's HTML page in place of S3's XML. */
function isPage(error: SdkError): boolean {
  if (error.name === "SyntaxError") return true;
  if (/Deserialization error|expected closing tag|Unclosed tag/i.test(error.message ?? "")) return true;
  return error.Code === undefined && error.$response !== undefined && isWebPage(error.$response);
}

/** Its page then tells of the service behind it, or of too many requests; but 511 is the network's own. */
function isProxysTrouble(status: number): boolean {
  return (status >= 500 && status !== 511) || status === 408 || status === 429;
}

function detailOf(error: SdkError, status: number | undefined): string | undefined {
  const name = [error.Code, error.code, isUseful(error.name) ? error.name : undefined].find(isCode);
  const parts = [name, status ? `HTTP ${status}` : undefined].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : error.message?.slice(0, 200);
}

/** What looks like a code is shown; a server could put anything else there, even what we sent it. */
function isCode(text: string | undefined): boolean {
  return text !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(text);
}

function isUseful(name: string | undefined): boolean {
  return name !== undefined && !["Error", "Unknown", "UnknownError", "TypeError"].includes(name);
}

function headerOf(error: SdkError, name: string): string | undefined {
  return error.$response?.headers?.[name];
}
