import { Readable } from "node:stream";
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectHead, ObjectStore, ObjectUpload, PutOutcome } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { createClient, type ClientOptions } from "./create-client.ts";
import { hexToBase64 } from "./hex-to-base64.ts";
import { confirmPut } from "./confirm-put.ts";
import { objectHeadOf } from "./object-head-of.ts";
import { isPreconditionFailed, refusesCondition } from "./conditional-write.ts";
import { translateError } from "./translate-error.ts";

interface StoreOptions {
  destination: Destination;
  credentials: ClientOptions["credentials"];
  allowInsecureHttp?: boolean;
}

/** HEADs in flight beside the one body. */
const headSockets = 4;

/** A bucket behind the SDK: two clients, one connection for bodies and a few for everything small. */
export class S3ObjectStore implements ObjectStore {
  requestCount = 0;
  honorsConditions = false;
  readonly #bodies: S3Client;
  readonly #questions: S3Client;
  readonly #destination: Destination;
  /** Turned off by a store that answers 501 to `If-None-Match`; a fresh HEAD then stands in for it. */
  #conditionalWrites = true;
  /** Turned off once a HEAD was refused with the question for a checksum and answered without. */
  #asksForChecksums = true;

  constructor(options: StoreOptions) {
    const { destination } = options;
    const shared = {
      region: destination.region,
      bucket: destination.bucket,
      credentials: options.credentials,
      ...(destination.endpoint ? { endpoint: destination.endpoint } : {}),
      allowInsecureHttp: options.allowInsecureHttp ?? false,
    };
    this.#destination = destination;
    this.#bodies = createClient({ ...shared, maxSockets: 1 });
    this.#questions = createClient({ ...shared, maxSockets: headSockets });
  }

  async checkBucket(signal?: AbortSignal): Promise<void> {
    // A listing, not HeadBucket: only an answer with a body says why it was refused.
    const listing = new ListObjectsV2Command({
      Bucket: this.#destination.bucket,
      MaxKeys: 1,
      Prefix: this.#destination.prefix,
    });
    try {
      const answer = await this.#ask(() => this.#questions.send(listing, abortWith(signal)), signal);
      // A web page's 200 reads as a listing of nothing; a bucket's names the bucket.
      if (answer.Name === undefined) throw new BackupError("not-s3", { detail: "its listing names no bucket" });
    } catch (error) {
      throw signal?.aborted ? error : translateError(error, { action: "s3:ListBucket" });
    }
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
    try {
      return await this.#askHead(key, signal);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw await this.#explain(error, "s3:GetObject", signal);
    }
  }

  async put(upload: ObjectUpload, signal?: AbortSignal): Promise<PutOutcome> {
    if (!this.#conditionalWrites) return this.#putAfterHead(upload, signal);
    try {
      return await this.#putOnce(upload, { IfNoneMatch: "*" }, signal);
    } catch (error) {
      if (isPreconditionFailed(error)) {
        this.honorsConditions = true;
        return { kind: "key-taken" };
      }
      if (!refusesCondition(error)) throw await this.#explain(error, "s3:PutObject", signal);
    }
    this.#conditionalWrites = false;
    return this.#putAfterHead(upload, signal);
  }

  close(): void {
    this.#bodies.destroy();
    this.#questions.destroy();
  }

  async #askHead(key: string, signal: AbortSignal | undefined): Promise<ObjectHead> {
    if (!this.#asksForChecksums) return this.#headOnce(key, {}, signal);
    try {
      return await this.#headOnce(key, { ChecksumMode: "ENABLED" }, signal);
    } catch (error) {
      if (![400, 403, 501].includes(statusOf(error) ?? 0)) throw error;
    }
    // A KMS key that may only be used to write refuses the checksum; a store may not know it at all.
    const head = await this.#headOnce(key, {}, signal);
    this.#asksForChecksums = false;
    return head;
  }

  async #headOnce(
    key: string,
    mode: { ChecksumMode?: "ENABLED" },
    signal: AbortSignal | undefined,
  ): Promise<ObjectHead> {
    const question = new HeadObjectCommand({ Bucket: this.#destination.bucket, Key: key, ...mode });
    return objectHeadOf(await this.#ask(() => this.#questions.send(question, abortWith(signal)), signal));
  }

  async #putAfterHead(upload: ObjectUpload, signal: AbortSignal | undefined): Promise<PutOutcome> {
    if (await this.head(upload.key, signal)) return { kind: "key-taken" };
    try {
      return await this.#putOnce(upload, {}, signal);
    } catch (error) {
      throw await this.#explain(error, "s3:PutObject", signal);
    }
  }

  async #putOnce(
    upload: ObjectUpload,
    condition: { IfNoneMatch?: "*" },
    signal: AbortSignal | undefined,
  ): Promise<PutOutcome> {
    const sourceFailed = new AbortController();
    const body = openBody(upload, (error) => sourceFailed.abort(error));
    const command = new PutObjectCommand({
      Bucket: this.#destination.bucket,
      Key: upload.key,
      Body: body,
      ContentLength: upload.sizeBytes,
      ContentType: upload.contentType,
      ChecksumSHA256: hexToBase64(upload.sha256Hex),
      Metadata: upload.metadata,
      ...condition,
    });
    const anySignal = signal ? AbortSignal.any([signal, sourceFailed.signal]) : sourceFailed.signal;
    try {
      const answer = await this.#ask(() => this.#bodies.send(command, { abortSignal: anySignal }), anySignal);
      return confirmPut(answer, upload);
    } finally {
      if (!(body instanceof Uint8Array)) body.destroy();
    }
  }

  async #ask<Answer>(send: () => Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
    this.requestCount += 1;
    try {
      return await send();
    } catch (error) {
      // An abort of ours (the source failed, the run stops) is not a failure of the store.
      if (signal?.aborted) throw signal.reason;
      if (isKnownAnswer(error)) throw error;
      throw translateError(error);
    }
  }

  /** A HEAD's refusal has no body: one listing finds out what it means. */
  async #explain(error: unknown, action: string, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted || error instanceof BackupError) return error;
    if (hasCode(error)) return translateError(error, { action });
    try {
      await this.checkBucket(signal);
    } catch (explanation) {
      return explanation;
    }
    return translateError(error, { action });
  }
}

function abortWith(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : undefined;
}

/** Larger bodies go out in pieces, so that their progress can be shown; smaller ones are over before anybody looks. */
const wholeBodyBytesMost = 1024 * 1024;
const pieceBytes = 512 * 1024;

function openBody(upload: ObjectUpload, onError: (error: Error) => void): Uint8Array | Readable {
  const { body } = upload;
  if (body instanceof Uint8Array && body.length <= wholeBodyBytesMost) return body;
  const stream = body instanceof Uint8Array ? Readable.from(pieces(body), { objectMode: false }) : body();
  let sentBytes = 0;
  stream.on("data", (chunk: Buffer) => upload.onSent?.((sentBytes += chunk.length)));
  // The listener must not start the flow: whoever sends the body does.
  stream.pause();
  return stream.on("error", onError);
}

function* pieces(body: Uint8Array): Generator<Uint8Array> {
  for (let offset = 0; offset < body.length; offset += pieceBytes) yield body.subarray(offset, offset + pieceBytes);
}

/** Answers that the caller decides on by status, so they must reach it untranslated. */
function isKnownAnswer(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && [301, 400, 403, 404, 412, 501].includes(status);
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function hasCode(error: unknown): boolean {
  const { name } = error as { name?: string };
  return (
    name !== undefined && !["Unknown", "UnknownError", "Error", "NotFound", "Forbidden", "BadRequest"].includes(name)
  );
}
