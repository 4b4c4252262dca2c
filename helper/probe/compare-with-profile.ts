import type { ProbeReport } from "./probe-report.ts";
import type { ProviderProfile } from "./provider-profile.ts";

type Seen = Pick<ProbeReport, "conditionalWrites" | "sha256Header" | "sha256InHead" | "etag" | "encodingTypeUrl">;

const names: Record<keyof Seen, string> = {
  conditionalWrites: "conditional writes",
  sha256Header: "SHA-256 of uploads",
  sha256InHead: "SHA-256 in HEAD",
  etag: "ETag",
  encodingTypeUrl: "URL encoding of listings",
};

/** Where the declared table and the bucket disagree, in words; the bucket is right. */
export function compareWithProfile(profile: ProviderProfile, seen: Seen): string[] {
  return (Object.keys(names) as (keyof Seen)[]).flatMap((name) => {
    const declared = profile[name].value;
    const found = seen[name];
    if (declared === "unknown" || found === "unknown" || declared === found) return [];
    // A refused question is answered by no checksum.
    if (declared === "refused" && found === "no") return [];
    return [`${names[name]}: ${found} here, ${declared} by what is known of ${profile.name}`];
  });
}
