import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { ProbeReport } from "../probe/probe-report.ts";
import { otherContentSha256Base64, probeContent, probeContentSha256 } from "../probe/probe-conditional-writes.ts";
import { statusOf } from "./known-answer.ts";
import { nameOf } from "./list-multipart.ts";
import { answerOf, tryRequest } from "./probe-outcome.ts";
import { refusesChecksum } from "./send-md5-instead.ts";
import type { S3Connection } from "./s3-connection.ts";
import { translateError } from "./translate-error.ts";

/** Sends the probe's bytes with a SHA-256 of others: a store that looks at it must refuse them. */
export async function probeSha256Header(connection: S3Connection, key: string): Promise<ProbeReport["sha256Header"]> {
  const command = new PutObjectCommand({
    ...{ Bucket: connection.destination.bucket, Key: `${key}-checksum`, Body: probeContent },
    ChecksumSHA256: otherContentSha256Base64,
  });
  // Else the payload's own hash would be wrong too, and a refusal would say nothing of the header.
  command.middlewareStack.add(
    (next) => async (args) => {
      (args.request as { headers: Record<string, string> }).headers["x-amz-content-sha256"] = probeContentSha256;
      return next(args);
    },
    { step: "build", name: "signTheTruePayload", priority: "low" },
  );
  const tried = await tryRequest(() => connection.ask(() => connection.bodies.send(command), undefined));
  if ("answer" in tried) return "ignored";
  const isCutOff = nameOf(tried.error) === "IncompleteBody";
  if (translateError(tried.error).code === "checksum-mismatch") return isCutOff ? "unknown" : "verified";
  return refusesChecksum(tried.error) ? "refused" : "unknown";
}

const headsMost = 5;

type Heads = Pick<ProbeReport, "reading" | "sha256InHead" | "etag" | "missingObject"> & { roundTripMs?: number };

/** A few HEADs of the probe object: what they tell, and how long they take. */
export async function probeHeads(connection: S3Connection, key: string): Promise<Heads> {
  const { questions, destination } = connection;
  const head = (mode: { ChecksumMode?: "ENABLED" }, of = key) => {
    const command = new HeadObjectCommand({ Bucket: destination.bucket, Key: of, ...mode });
    return tryRequest(() => connection.ask(() => questions.send(command), undefined));
  };
  const asked = await head({ ChecksumMode: "ENABLED" });
  const timesMs: number[] = [];
  let plain = await head({});
  for (let count = 0; count < headsMost && "answer" in plain; count += 1) {
    const startedAt = performance.now();
    plain = await head({});
    timesMs.push(performance.now() - startedAt);
  }
  const missing = await head({}, `${key}-never-written`);
  const answer = answerOf(plain);
  const isThere = answer !== undefined || answerOf(asked) !== undefined;
  const median = timesMs.sort((a, b) => a - b)[Math.floor(timesMs.length / 2)];
  return {
    reading: plain.outcome,
    missingObject: missingStatus("error" in missing ? statusOf(missing.error) : undefined),
    sha256InHead: !isThere ? "unknown" : answerOf(asked)?.ChecksumSHA256 ? "yes" : "no",
    etag: answer?.ETag ? etagKind(answer.ETag) : "unknown",
    ...(median === undefined ? {} : { roundTripMs: Math.round(median * 10) / 10 }),
  };
}

function missingStatus(status: number | undefined): "404" | "403" | "unknown" {
  if (status === 404) return "404";
  return status === 403 ? "403" : "unknown";
}

function etagKind(etag: string): "md5" | "opaque" {
  return etag.replaceAll('"', "") === createHash("md5").update(probeContent).digest("hex") ? "md5" : "opaque";
}
