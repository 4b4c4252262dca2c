import type { ConditionalWrites } from "../backup/object-store.ts";
import type { StorageClass } from "../state/files/storage-class.ts";
import type { ProviderId, QuotaSignal } from "./provider-profile.ts";

/** `allowed`, `denied` (403), or the reason code and the store's own words. */
export type Outcome = "allowed" | "denied" | { failed: string };

export type ClassOutcome = "accepted" | "ignored" | "refused" | "unknown";

/** What a bucket was seen to do; `probe --json` prints it as it is. */
export interface ProbeReport {
  /** ISO 8601. */
  probedAt: string;
  bucket: string;
  prefix: string;
  /** Absent for AWS itself. */
  endpoint?: string;
  isEncrypted: boolean;
  provider: {
    id?: ProviderId;
    name: string;
    guessedBy: "endpoint" | "server header" | "nothing";
    server?: string;
    /** Where the declared table says otherwise than was seen. */
    differences: string[];
    quotaSignals: readonly QuotaSignal[];
  };
  conditionalWrites: ConditionalWrites;
  sha256Header: "verified" | "refused" | "ignored" | "unknown";
  sha256InHead: "yes" | "no" | "unknown";
  etag: "md5" | "opaque" | "unknown";
  listing: Outcome;
  encodingTypeUrl: "honored" | "ignored" | "unknown";
  reading: Outcome;
  writing: Outcome;
  /** How a HEAD of a key that nobody ever wrote is answered; anything but 404 stops a backup. */
  missingObject: "404" | "403" | "unknown";
  multipart: {
    create: Outcome;
    part?: Outcome;
    partSha256?: "yes" | "no";
    listParts?: Outcome;
    listUploads: Outcome;
    abort?: Outcome;
  };
  storageClasses: Partial<Record<StorageClass, ClassOutcome>>;
  region: { set: string; actual?: string };
  /** The service's clock minus ours; whole seconds. */
  clockSkewSeconds?: number;
  /** Median of a few HEADs. */
  roundTripMs?: number;
  /** Of the policy, what was refused. */
  missingActions: string[];
  policy: object;
  requests: number;
}
