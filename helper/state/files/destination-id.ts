import { createHash } from "node:crypto";
import type { Destination } from "./destination.ts";

/**
 * 16 hex digits that name a destination: endpoint, bucket and prefix. The region is left out on purpose: it is how
 * the bucket is reached, not another place, so mending a wrong region keeps what is known to be backed up.
 */
export function destinationId(destination: Pick<Destination, "endpoint" | "bucket" | "prefix">): string {
  const endpoint = destination.endpoint ? new URL(destination.endpoint).origin : "aws";
  return createHash("sha256")
    .update(JSON.stringify([endpoint, destination.bucket, destination.prefix]))
    .digest("hex")
    .slice(0, 16);
}
