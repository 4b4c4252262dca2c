import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { createClient, type ClientOptions } from "./create-client.ts";
import { isKnownAnswer, statusOf } from "./known-answer.ts";
import { PutSender } from "./put-sender.ts";
import { translateError } from "./translate-error.ts";

export interface ConnectionOptions {
  destination: Destination;
  credentials: ClientOptions["credentials"];
  allowInsecureHttp?: boolean;
  /** Shorter ones, for tests. */
  limits?: ClientOptions["limits"];
}

/** Questions in flight beside the one body. */
const questionSockets = 4;

/** A bucket behind two SDK clients: one connection for bodies, a few for everything small; and what its errors mean. */
export class S3Connection {
  requestCount = 0;
  readonly destination: Destination;
  readonly bodies: S3Client;
  readonly questions: S3Client;
  /** Uploads of what is held in memory, over `bodies`. */
  readonly puts: PutSender;
  #explaining: Promise<void> | undefined;

  constructor({ destination, credentials, allowInsecureHttp = false, limits = {} }: ConnectionOptions) {
    const { region, bucket, endpoint } = destination;
    const shared = { region, bucket, credentials, allowInsecureHttp, limits, ...(endpoint ? { endpoint } : {}) };
    this.destination = destination;
    this.bodies = createClient({ ...shared, maxSockets: 1 });
    this.puts = new PutSender(this.bodies);
    this.questions = createClient({ ...shared, maxSockets: questionSockets });
  }

  /**
   * Counts and sends one request.
   * @throws the signal's reason after an abort of ours; the SDK's error where the status is for the caller to decide
   * (`isKnownAnswer`); else a `BackupError`
   */
  async ask<Answer>(
    send: () => Promise<Answer>,
    signal: AbortSignal | undefined,
    turn?: Promise<void>,
  ): Promise<Answer> {
    const count = () => void (this.requestCount += 1);
    // One that waits for its turn may never be sent.
    if (turn) turn.then(count, () => undefined);
    else count();
    try {
      return await send();
    } catch (error) {
      // An abort of ours (the source failed, the run stops) is not a failure of the store.
      if (signal?.aborted) throw signal.reason;
      if (isKnownAnswer(error)) throw error;
      throw translateError(error);
    }
  }

  /** What a refusal means. A HEAD's has no body: one listing finds out. @returns what to throw */
  async explain(error: unknown, action: string, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted || error instanceof BackupError) return error;
    if (hasCode(error)) return translateError(error, { action });
    // Several photos are refused at once; one listing explains it to all of them.
    this.#explaining ??= this.checkBucket(signal).finally(() => (this.#explaining = undefined));
    try {
      await this.#explaining;
    } catch (explanation) {
      return explanation;
    }
    return translateError(error, { action });
  }

  /** @throws BackupError what is wrong with key, bucket or region */
  async checkBucket(signal?: AbortSignal): Promise<void> {
    const { bucket, prefix } = this.destination;
    // A listing, not HeadBucket: only an answer with a body says why it was refused.
    const listing = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, Prefix: prefix });
    try {
      const answer = await this.ask(() => this.questions.send(listing, abortWith(signal)), signal);
      // A web page's 200 reads as a listing of nothing; a bucket's names the bucket.
      if (answer.Name === undefined) throw new BackupError("not-s3", { detail: "its listing names no bucket" });
    } catch (error) {
      throw signal?.aborted ? error : translateError(error, { action: "s3:ListBucket" });
    }
  }

  close(): void {
    this.bodies.destroy();
    this.questions.destroy();
  }
}

export function abortWith(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : undefined;
}

/** Names the SDK gives to answers without a body; they say less than the status does. */
const emptyNames = ["Unknown", "UnknownError", "Error", "NotFound", "Forbidden", "BadRequest"];

function hasCode(error: unknown): boolean {
  const { name } = error as { name?: string };
  return statusOf(error) !== undefined && name !== undefined && !emptyNames.includes(name);
}
