import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { ListPage } from "../backup/object-listing.ts";
import type { ObjectBody } from "../backup/object-body.ts";
import type { MultipartStore } from "../backup/multipart/multipart-store.ts";
import type {
  ConditionalWrites,
  ObjectHead,
  ObjectStore,
  ObjectUpload,
  PreparedPut,
  PutOutcome,
} from "../backup/object-store.ts";
import { isPreconditionFailed, refusesCondition } from "./conditional-write.ts";
import { carryOptions, type CarryOptions } from "./carry-options.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { confirmPut } from "./confirm-put.ts";
import { hexToBase64 } from "./hex-to-base64.ts";
import { statusOf } from "./known-answer.ts";
import { listObjects } from "./list-objects.ts";
import { openBody } from "./object-body.ts";
import { objectHeadOf } from "./object-head-of.ts";
import { probeBinding } from "./probe-binding.ts";
import { readObject } from "./read-object.ts";
import { S3MultipartStore } from "./s3-multipart-store.ts";
import { abortWith, S3Connection, type ConnectionOptions } from "./s3-connection.ts";
import { boundByChecksum } from "./send-known-payload-hash.ts";
import { md5Base64Of, refusesChecksum, sendMd5Instead } from "./send-md5-instead.ts";
import { sendAtTurn } from "./send-at-turn.ts";
import { storageClassOf } from "./storage-class-of.ts";

/** What a bucket has shown of itself, kept from one helper to the next. */
export interface LearnedOfStore {
  /** What the probe found; `unknown` until then. */
  conditionalWrites: ConditionalWrites;
  /** It takes no x-amz-checksum-sha256, so uploads carry Content-MD5. */
  refusesSha256: boolean;
  /** It refused a body for its x-amz-checksum-sha256 alone, so that the payload needs no hash of its own. */
  bindsByChecksum: boolean;
}

interface StoreOptions extends ConnectionOptions, Partial<LearnedOfStore> {
  /** Told whenever the bucket showed something else than was known. */
  onLearned?: ((learned: LearnedOfStore) => void) | undefined;
}

/** A bucket behind the SDK, as the engine wants it. */
export class S3ObjectStore implements ObjectStore {
  readonly multipart: MultipartStore;
  isJustChecked = false;
  readonly #connection: S3Connection;
  readonly #onLearned: StoreOptions["onLearned"];
  readonly #learned: LearnedOfStore;
  /** Turned off once a HEAD was refused with the question for a checksum and answered without. */
  #asksForChecksums = true;
  /** Ends when it is known what binds a body; no upload goes out before. */
  #askingForBinding: Promise<void> | undefined;

  constructor(options: StoreOptions) {
    this.#connection = new S3Connection(options);
    const { conditionalWrites = "unknown", refusesSha256 = false, bindsByChecksum = false } = options;
    this.#learned = { conditionalWrites, refusesSha256, bindsByChecksum };
    this.#onLearned = options.onLearned;
    const learn = (found: Partial<LearnedOfStore>) => this.#learn(found);
    this.multipart = new S3MultipartStore(this.#connection, { learned: this.#learned, learn });
  }

  get conditionalWrites(): ConditionalWrites {
    return this.#learned.conditionalWrites;
  }

  /** Set by the probe too, which alone can see that a condition was overlooked. */
  set conditionalWrites(conditionalWrites: ConditionalWrites) {
    this.#learn({ conditionalWrites });
  }

  async probeBinding(key: string, signal?: AbortSignal): Promise<void> {
    const asking = Promise.withResolvers<void>();
    this.#askingForBinding = asking.promise;
    try {
      const bindsByChecksum = await probeBinding(this.#connection, key, signal);
      if (bindsByChecksum !== undefined) this.#learn({ bindsByChecksum });
    } finally {
      this.#askingForBinding = undefined;
      asking.resolve();
    }
  }

  get requestCount(): number {
    return this.#connection.requestCount;
  }

  checkBucket(signal?: AbortSignal): Promise<void> {
    return this.#connection.checkBucket(signal);
  }

  list(prefix: string, continuation?: string, signal?: AbortSignal): Promise<ListPage> {
    return listObjects(this.#connection, { prefix, continuation, signal });
  }

  read(key: string, signal?: AbortSignal): Promise<ObjectBody | undefined> {
    return readObject(this.#connection, key, signal);
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectHead | undefined> {
    try {
      return await this.#askHead(key, signal);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw await this.#connection.explain(error, "s3:GetObject", signal);
    }
  }

  prepare(upload: ObjectUpload, signal?: AbortSignal): PreparedPut | undefined {
    // Where a look at the key or a second hash comes before it, there is nothing to be made ahead.
    if (this.conditionalWrites !== "honored" || this.#learned.refusesSha256) return undefined;
    return sendAtTurn((turn) => this.put(upload, signal, turn));
  }

  async put(upload: ObjectUpload, signal?: AbortSignal, turn?: Promise<void>): Promise<PutOutcome> {
    if (this.conditionalWrites === "refused") return this.#putAfterHead(upload, signal);
    try {
      return await this.#putOnce(upload, { IfNoneMatch: "*" }, signal, turn);
    } catch (error) {
      if (isPreconditionFailed(error)) {
        this.conditionalWrites = "honored";
        return { kind: "key-taken" };
      }
      if (!refusesCondition(error)) throw await this.#connection.explain(error, "s3:PutObject", signal);
    }
    this.conditionalWrites = "refused";
    return this.#putAfterHead(upload, signal);
  }

  close(): void {
    this.#connection.close();
  }

  #learn(found: Partial<LearnedOfStore>): void {
    const before = JSON.stringify(this.#learned);
    Object.assign(this.#learned, found);
    if (JSON.stringify(this.#learned) !== before) this.#onLearned?.({ ...this.#learned });
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
    const { questions, destination } = this.#connection;
    const question = new HeadObjectCommand({ Bucket: destination.bucket, Key: key, ...mode });
    return objectHeadOf(await this.#connection.ask(() => questions.send(question, abortWith(signal)), signal));
  }

  async #putAfterHead(upload: ObjectUpload, signal: AbortSignal | undefined): Promise<PutOutcome> {
    if (await this.head(upload.key, signal)) return { kind: "key-taken" };
    try {
      return await this.#putOnce(upload, {}, signal);
    } catch (error) {
      throw await this.#connection.explain(error, "s3:PutObject", signal);
    }
  }

  async #putOnce(
    upload: ObjectUpload,
    condition: { IfNoneMatch?: "*" },
    signal: AbortSignal | undefined,
    turn?: Promise<void>,
  ): Promise<PutOutcome> {
    if (this.#learned.refusesSha256) return this.#sendBody(upload, condition, { signal, turn });
    try {
      return await this.#sendBody(upload, condition, { signal, turn });
    } catch (error) {
      // A 501 to both headers at once is taken for the condition's first.
      if (!refusesChecksum(error) || (condition.IfNoneMatch && refusesCondition(error))) throw error;
    }
    const outcome = await this.#sendBody(upload, condition, { signal }, "md5");
    this.#learn({ refusesSha256: true });
    return outcome;
  }

  async #sendBody(
    upload: ObjectUpload,
    condition: { IfNoneMatch?: "*" },
    { signal, turn }: { signal: AbortSignal | undefined; turn?: Promise<void> | undefined },
    checksum: "sha256" | "md5" = this.#learned.refusesSha256 ? "md5" : "sha256",
  ): Promise<PutOutcome> {
    const { destination } = this.#connection;
    await this.#askingForBinding;
    const md5 = checksum === "md5" ? await md5Base64Of(upload.body) : undefined;
    const isBound = md5 === undefined && this.#learned.bindsByChecksum;
    const { body, signal: anySignal, close } = openBody(upload, signal);
    const input = {
      Bucket: destination.bucket,
      Key: upload.key,
      Body: body,
      ContentLength: upload.sizeBytes,
      ContentType: upload.contentType,
      ChecksumSHA256: hexToBase64(upload.sha256Hex),
      [boundByChecksum]: isBound,
      Metadata: upload.metadata,
      ...storageClassOf(destination),
      ...condition,
    };
    const options = { abortSignal: anySignal, turn, onSent: upload.onSent, onConfirmed: upload.onConfirmed };
    try {
      const send = () => this.#sendPut(input, options, md5);
      const answer = await this.#connection.ask(send, anySignal, turn);
      if (isBound && !answer.ChecksumSHA256) this.#unbind();
      return confirmPut(answer, upload);
    } finally {
      close();
    }
  }

  /** Without a checksum in its answer nothing says that it looked at ours. @throws BackupError always */
  #unbind(): never {
    this.#learn({ bindsByChecksum: false });
    throw new BackupError("unconfirmed-upload", { detail: "the service no longer tells its checksum" });
  }

  #sendPut(input: PutObjectCommandInput, options: CarryOptions, md5: string | undefined) {
    const { puts, bodies } = this.#connection;
    const { Body: body } = input;
    // A view of its own: these bytes may still be on their way out with what was given up before.
    if (md5 === undefined && body instanceof Uint8Array) return puts.send({ ...input, Body: body.subarray() }, options);
    const command = new PutObjectCommand(input);
    if (md5 !== undefined) sendMd5Instead(command, md5);
    return bodies.send(command, carryOptions(options));
  }
}
