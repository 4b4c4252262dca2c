import { GetBucketLocationCommand, HeadBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { compareWithProfile } from "../probe/compare-with-profile.ts";
import { guessProvider } from "../probe/guess-provider.ts";
import { iamPolicy } from "../probe/iam-policy.ts";
import { missingActions } from "../probe/missing-actions.ts";
import { probeConditionalWrites, probeKey } from "../probe/probe-conditional-writes.ts";
import type { Outcome, ProbeReport } from "../probe/probe-report.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { probeHeads, probeSha256Header } from "./probe-checksums.ts";
import { watchHeaders, type SeenHeaders } from "./probe-headers.ts";
import { probeMultipart } from "./probe-multipart.ts";
import { isRegionName } from "./is-region-name.ts";
import { ProbeConnection } from "./probe-connection.ts";
import { answerOf, tryRequest } from "./probe-outcome.ts";
import { probeStorageClasses } from "./probe-storage-classes.ts";
import type { S3Connection, ConnectionOptions } from "./s3-connection.ts";
import { S3ObjectStore } from "./s3-object-store.ts";
import { refuseLongList } from "./refuse-long-list.ts";

export interface ProbeOptions extends ConnectionOptions {
  now: () => number;
  signal?: AbortSignal;
}

/**
 * Finds out what a bucket can do, with a few dozen small requests. It writes tiny objects of always the same bytes under
 * `<prefix>/.photolala/`, begins one upload in parts and aborts it, and deletes nothing.
 * @throws BackupError what makes asking pointless: no answer, a refused key, a missing bucket, a service that asks us to wait;
 * the signal's reason when it aborts
 */
export async function probeBucket(options: ProbeOptions): Promise<ProbeReport> {
  const { now, signal } = options;
  const { endpoint, region, bucket, prefix } = options.destination;
  const plain = { ...options, destination: { ...(endpoint ? { endpoint } : {}), region, bucket, prefix } };
  const connection = new ProbeConnection({ ...plain, stopping: signal });
  const store = new S3ObjectStore(plain);
  const seen: SeenHeaders = {};
  watchHeaders(connection.questions, seen, now);
  try {
    return await probeWith({ connection, store, plain, seen });
  } finally {
    store.close();
    connection.close();
  }
}

interface Probing {
  connection: S3Connection;
  store: S3ObjectStore;
  plain: ProbeOptions;
  seen: SeenHeaders;
}

async function probeWith({ connection, store, plain, seen }: Probing): Promise<ProbeReport> {
  const { destination, now } = plain;
  const { bucket, prefix, region, endpoint } = destination;
  const key = probeKey(prefix);
  const listing = await probeListing(connection);
  const conditional = await tryRequest(() => probeConditionalWrites(store, key, plain.signal));
  const writing = conditional.outcome;
  const isWritable = writing === "allowed";
  const sha256Header = isWritable ? await probeSha256Header(connection, key) : "unknown";
  const heads = await probeHeads(connection, key);
  const refusesSha256 = sha256Header === "refused";
  const multipart = await probeMultipart(connection, key, { refusesSha256 });
  const classes = isWritable ? await probeStorageClasses(plain) : { storageClasses: {}, requests: 0 };
  const actual = await probeRegion(connection);
  const { profile, by } = guessProvider(endpoint, seen.server);
  const found = {
    conditionalWrites: answerOf(conditional) ?? "unknown",
    sha256Header,
    ...heads,
    ...listing,
    writing,
    multipart,
  };
  return {
    probedAt: new Date(now()).toISOString(),
    ...{ bucket, prefix },
    ...(endpoint ? { endpoint } : {}),
    isEncrypted: !endpoint?.startsWith("http:"),
    provider: {
      ...(profile ? { id: profile.id } : {}),
      name: profile?.name ?? "an S3 service nobody told us of",
      guessedBy: by,
      ...(seen.server ? { server: seen.server } : {}),
      differences: profile ? compareWithProfile(profile, found) : [],
      quotaSignals: profile?.quotaSignals.value ?? [],
    },
    ...found,
    storageClasses: classes.storageClasses,
    region: { set: region, ...(actual.region ? { actual: actual.region } : {}) },
    ...(seen.clockSkewMs === undefined ? {} : { clockSkewSeconds: Math.round(seen.clockSkewMs / 1000) }),
    missingActions: missingActions({ ...found, location: actual.outcome }),
    policy: iamPolicy(bucket, prefix, { isAws: profile?.id === "aws" }),
    requests: connection.requestCount + store.requestCount + classes.requests,
  };
}

async function probeListing(connection: S3Connection): Promise<Pick<ProbeReport, "listing" | "encodingTypeUrl">> {
  const { bucket, prefix } = connection.destination;
  const question = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1, EncodingType: "url" });
  refuseLongList(question, 1);
  const tried = await tryRequest(() => connection.ask(() => connection.questions.send(question), undefined));
  const answer = answerOf(tried);
  // A web page's 200 reads as a listing of nothing; a bucket's names the bucket.
  if (answer && answer.Name === undefined) throw new BackupError("not-s3", { detail: "its listing names no bucket" });
  if (!answer) return { listing: tried.outcome, encodingTypeUrl: "unknown" };
  return { listing: tried.outcome, encodingTypeUrl: answer.EncodingType === "url" ? "honored" : "ignored" };
}

async function probeRegion(connection: S3Connection): Promise<{ region?: string; outcome: Outcome }> {
  const { questions, destination } = connection;
  const at = { Bucket: destination.bucket };
  const head = await tryRequest(() => connection.ask(() => questions.send(new HeadBucketCommand(at)), undefined));
  const location = await tryRequest(() =>
    connection.ask(() => questions.send(new GetBucketLocationCommand(at)), undefined),
  );
  const named = answerOf(location);
  // The first region of all has no name in a location.
  const region = answerOf(head)?.BucketRegion ?? (named && (named.LocationConstraint || "us-east-1"));
  return { outcome: location.outcome, ...(region && isRegionName(region) ? { region } : {}) };
}
