import { providerProfiles } from "../probe/provider-profiles.ts";
import { neededActions } from "../probe/iam-policy.ts";
import type { Outcome, ProbeReport } from "../probe/probe-report.ts";
import { conditionalWriteWords } from "../state/files/conditional-write-words.ts";
import { storageClassTitles, type StorageClass } from "../state/files/storage-class.ts";

/** The report as a table, then what to do, then the policy. */
export function probeWords(found: ProbeReport): string {
  const width = 20;
  const table = rows(found).map(([name, words]) => `${name.padEnd(width)}${words}`);
  const { differences } = found.provider;
  const corrected =
    differences.length > 0 ? ["", "Other than expected:", ...differences.map((line) => `  ${line}`)] : [];
  return [...table, ...corrected, "", ...permissionLines(found)].join("\n");
}

function rows(found: ProbeReport): [string, string][] {
  const { bucket, prefix, endpoint, region, provider } = found;
  return [
    ["Bucket", `${bucket}${prefix ? `/${prefix}` : ""} at ${endpoint ?? `AWS, ${region.set}`}`],
    ["Provider", providerWords(provider)],
    ["Connection", connectionWords(found)],
    ["Region", regionWords(region)],
    ["Clock", clockWords(found.clockSkewSeconds)],
    ["Listing", outcomeWords(found.listing)],
    ["Reading", readingWords(found)],
    ["Writing", outcomeWords(found.writing)],
    ["Never overwriting", conditionalWriteWords(found, { inFull: true })],
    ["Checksums", checksumWords(found)],
    ["Upload in parts", partsWords(found.multipart)],
    ["Storage classes", classWords(found.storageClasses)],
    ["When it is full", quotaWords(provider)],
  ];
}

function providerWords({ name, guessedBy, server }: ProbeReport["provider"]): string {
  if (guessedBy === "nothing") return server ? `${name}; it calls itself ${server.slice(0, 60)}` : name;
  return `${name}, by its ${guessedBy}`;
}

function connectionWords({ isEncrypted, roundTripMs, requests }: ProbeReport): string {
  const time = roundTripMs === undefined ? "" : `, ${roundTripMs} ms there and back`;
  return `${isEncrypted ? "encrypted (https)" : "not encrypted (http)"}${time}, ${requests} requests for this report`;
}

function regionWords({ set, actual }: ProbeReport["region"]): string {
  if (!actual) return `${set} is set; the service names none`;
  return actual === set ? set : `${set} is set, the bucket is in ${actual}`;
}

function clockWords(seconds: number | undefined): string {
  if (seconds === undefined) return "the service named no time";
  if (Math.abs(seconds) <= 2) return "agrees with the service's";
  const words = `this computer's is ${Math.abs(seconds)} s ${seconds > 0 ? "behind" : "ahead of"} the service's`;
  return Math.abs(seconds) > 240 ? `${words}; uploads are refused from 15 minutes on` : words;
}

function outcomeWords(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "not tried";
  return typeof outcome === "string" ? outcome : `failed (${outcome.failed})`;
}

/** A refusal in place of "not there" looks just like a missing permission, and would stop every new photo. */
function readingWords({ reading, missingObject }: ProbeReport): string {
  if (reading !== "allowed" || missingObject !== "403") return outcomeWords(reading);
  return "allowed; but a photo that is not there is answered with 403: allow s3:ListBucket without a condition";
}

function checksumWords({ sha256Header, sha256InHead, etag }: ProbeReport): string {
  const uploads = {
    verified: "a wrong SHA-256 is refused",
    refused: "SHA-256 is not taken, so uploads carry an MD5",
    ignored: "SHA-256 is not looked at; each upload is proved by its ETag or a HEAD",
    unknown: "not known whether a SHA-256 is looked at",
  }[sha256Header];
  const proof = sha256InHead === "yes" ? "a HEAD tells it" : sha256InHead === "no" ? "a HEAD does not tell it" : "";
  const mark = etag === "md5" ? "the ETag is an MD5" : etag === "opaque" ? "the ETag is no MD5" : "";
  return [uploads, proof, mark].filter(Boolean).join("; ");
}

function partsWords({ create, part, partSha256, listParts, listUploads, abort }: ProbeReport["multipart"]): string {
  if (create !== "allowed") return outcomeWords(create);
  const tried = { "sending a part": part, "listing parts": listParts, "listing uploads": listUploads, aborting: abort };
  const wrong = Object.entries(tried).filter(([, outcome]) => outcome !== "allowed");
  const words = wrong.map(([name, outcome]) => `${name} ${outcomeWords(outcome)}`);
  return ["allowed", partSha256 === "yes" ? "parts have a SHA-256" : "parts have no SHA-256", ...words].join("; ");
}

function classWords(classes: ProbeReport["storageClasses"]): string {
  const named = Object.entries(classes).map(([name, outcome]) => {
    const title = storageClassTitles[name as StorageClass];
    return outcome === "accepted" ? title : `${title} ${outcome === "ignored" ? "taken but not kept" : outcome}`;
  });
  return named.length > 0 ? named.join(", ") : "not tried";
}

function quotaWords({ id, quotaSignals }: ProbeReport["provider"]): string {
  if (quotaSignals.length > 0) {
    const signals = quotaSignals.map(({ status, code, words }) => `${status} ${code}${words ? ` "${words}"` : ""}`);
    return `expected: ${signals.join(" or ")} (not provoked)`;
  }
  const isNone = id !== undefined && providerProfiles[id].quotaSignals.source !== "unknown";
  return isNone ? "it has no limit" : "not known what it answers";
}

function permissionLines({ missingActions, policy, listing, reading, writing }: ProbeReport): string[] {
  const stopping = missingActions.filter((action) => neededActions.some((needed) => needed === action));
  const others = missingActions.filter((action) => !stopping.includes(action));
  const lines: string[] = [];
  if (stopping.length > 0) lines.push(`Missing, and a backup stops without it: ${stopping.join(", ")}`);
  if (others.length > 0) lines.push(`Missing, and useful for large files and repairs: ${others.join(", ")}`);
  // What failed otherwise was not refused, and shows nothing of what the key may do.
  const isTried = [listing, reading, writing].every((outcome) => outcome === "allowed" || outcome === "denied");
  if (missingActions.length === 0) {
    lines.push(
      isTried
        ? "The access key may do all that a backup needs."
        : "What the access key may do is not known, since not all could be tried. Mend what failed, then probe again.",
    );
  }
  return [...lines, "", "The least it needs, as an IAM policy:", JSON.stringify(policy, null, 2)];
}
