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
  if (!URL.canParse(endpoint)) throw new BackupError("endpoint-invalid", { detail: endpoint });
  const url = new URL(endpoint);
  // A user name or password in the URL would end up in files and logs, so not even the words repeat it.
  if (url.username || url.password)
    throw new BackupError("endpoint-invalid", { detail: "a URL with a user name in it" });
  const isHttp = url.protocol === "https:" || url.protocol === "http:";
  if (!isHttp || url.pathname !== "/" || url.search || url.hash)
    throw new BackupError("endpoint-invalid", { detail: endpoint });
  return url;
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIP(hostname) === 4 && hostname.startsWith("127.");
}
