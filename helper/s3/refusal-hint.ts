import type { ReasonCode } from "../state/errors/reasons.ts";
import { isRegionName } from "./is-region-name.ts";

/** What a refusal tells beside its code. */
interface Refusal {
  /** The IAM action that was needed. */
  action: string | undefined;
  headers: Record<string, string>;
  /** The element of that name in the answer's XML. */
  region: unknown;
  nowMs: number;
  status?: number | undefined;
}

/** The words that turn a refusal into something to do: which permission, which region, how wrong a clock. */
export function refusalHint(code: ReasonCode, { action, headers, region, nowMs, status }: Refusal): string | undefined {
  if (code === "permission-denied" && action) return missingWords(action, headers.server);
  if (code === "wrong-region") return regionWords(region ?? headers["x-amz-bucket-region"]);
  if (code === "clock-wrong") return clockWords(Date.parse(headers.date ?? "") - nowMs);
  if (code === "not-s3") return strangerWords(status);
  return undefined;
}

function strangerWords(status: number | undefined): string | undefined {
  if (status === 407) return "a proxy on the way asks for a password";
  if (status === 511) return "the network asks for a sign-in";
  return status !== undefined && status > 300 && status < 400 ? "it sends us to another address" : undefined;
}

/** A SeaweedFS bucket whose quota is used up is read-only, and says so with the words of a missing permission. */
function missingWords(action: string, server: string | undefined): string {
  const mayBeFull = action === "s3:PutObject" && /^SeaweedFS/i.test(server ?? "");
  return mayBeFull ? `storage full, or ${action} is missing` : `${action} is missing`;
}

function regionWords(region: unknown): string | undefined {
  return isRegionName(region) ? `the bucket is in ${region}` : undefined;
}

function clockWords(aheadMs: number): string | undefined {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  if (Number.isNaN(minutes) || minutes === 0) return undefined;
  const amount = minutes === 1 ? "1 minute" : `${minutes.toLocaleString("en-US")} minutes`;
  return `this computer is ${amount} ${aheadMs > 0 ? "behind" : "ahead"}`;
}
