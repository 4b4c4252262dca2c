import { isIP } from "node:net";
import { BackupError } from "../state/errors/backup-error.ts";

/**
 * The endpoint as the SDK wants it: scheme, host and port only.
 * Plain http is for loopback addresses, or allowed on purpose; anything else would send photos in the clear.
 * @throws BackupError `endpoint-invalid` or `insecure-endpoint`
 */
export function checkEndpoint(endpoint: string, options: { allowInsecureHttp?: boolean } = {}): string {
  const url = parse(endpoint);
  if (url.protocol === "https:") return url.origin;
  if (isLoopback(url.hostname) || options.allowInsecureHttp) return url.origin;
  throw new BackupError("insecure-endpoint", { detail: url.host });
}

function parse(endpoint: string): URL {
  if (!URL.canParse(endpoint)) throw invalid(endpoint);
  const url = new URL(endpoint);
  const isHttp = url.protocol === "https:" || url.protocol === "http:";
  const hasMore = url.username || url.password || url.pathname !== "/" || url.search || url.hash;
  if (!isHttp || hasMore) throw invalid(endpoint);
  return url;
}

/** A password or a signature in the URL would end up in files and logs, so not even the words repeat it. */
function invalid(endpoint: string): BackupError {
  const mayHoldSecret = /[@?]/.test(endpoint);
  return new BackupError("endpoint-invalid", {
    detail: mayHoldSecret ? "a URL with more than a host in it" : endpoint,
  });
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIP(hostname) === 4 && hostname.startsWith("127.");
}
