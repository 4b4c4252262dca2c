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

/** What people paste into the wrong field may be a secret, so the words name a host at the most. */
function parse(endpoint: string): URL {
  if (!URL.canParse(endpoint)) throw new BackupError("endpoint-invalid", { detail: "it is not a URL" });
  const url = new URL(endpoint);
  if (url.username || url.password)
    throw new BackupError("endpoint-invalid", { detail: "a URL with a user name in it" });
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new BackupError("endpoint-invalid", { detail: "it begins with neither https nor http" });
  if (url.pathname !== "/" || url.search || url.hash)
    throw new BackupError("endpoint-invalid", { detail: `there is more after ${url.host}` });
  return url;
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIP(hostname) === 4 && hostname.startsWith("127.");
}
