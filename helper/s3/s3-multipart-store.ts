import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type {
  Completion,
  CompletionRequest,
  MultipartStore,
  OpenUpload,
  PartUpload,
  PreparedPart,
  StoredPart,
} from "../backup/multipart/multipart-store.ts";
import type { ObjectUpload } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { isConditionalConflict, isPreconditionFailed, refusesCondition } from "./conditional-write.ts";
import { confirmCompletion, type CompletionAnswer } from "./confirm-completion.ts";
import { base64ToHex } from "./base64-to-hex.ts";
import { hexToBase64 } from "./hex-to-base64.ts";
import { statusOf } from "./known-answer.ts";
import { listParts, listUploads, nameOf } from "./list-multipart.ts";
import { carryOptions } from "./carry-options.ts";
import { openBody } from "./object-body.ts";
import { abortWith, type S3Connection } from "./s3-connection.ts";
import type { LearnedOfStore } from "./s3-object-store.ts";
import { boundByChecksum } from "./send-known-payload-hash.ts";
import { md5Base64Of, refusesChecksum, sendMd5Instead } from "./send-md5-instead.ts";
import { sendAtTurn } from "./send-at-turn.ts";
import { storageClassOf } from "./storage-class-of.ts";
import { translateError } from "./translate-error.ts";

/** What the bucket has shown so far, shared with the store of whole objects. */
interface SharedKnowledge {
  learned: Readonly<LearnedOfStore>;
  learn(found: Partial<LearnedOfStore>): void;
}

/** Multipart uploads behind the SDK: parts go over the one connection for bodies, everything else beside them. */
export class S3MultipartStore implements MultipartStore {
  readonly #connection: S3Connection;
  readonly #shared: SharedKnowledge;

  constructor(connection: S3Connection, shared: SharedKnowledge) {
    this.#connection = connection;
    this.#shared = shared;
  }

  async create(upload: Omit<ObjectUpload, "body" | "onSent">, signal?: AbortSignal): Promise<string> {
    try {
      return await this.#createOnce(upload, signal);
    } catch (error) {
      if (this.#refusesSha256 || !refusesChecksum(error)) {
        throw await this.#connection.explain(error, "s3:PutObject", signal);
      }
    }
    this.#shared.learn({ refusesSha256: true });
    return this.create(upload, signal);
  }

  preparePart(part: PartUpload, signal?: AbortSignal): PreparedPart | undefined {
    // A second hash would take the wire's time, and a stream is opened for every attempt.
    if (this.#refusesSha256 || !(part.body instanceof Uint8Array)) return undefined;
    return sendAtTurn((turn) => this.putPart(part, signal, turn));
  }

  async putPart(part: PartUpload, signal?: AbortSignal, turn?: Promise<void>): Promise<StoredPart | undefined> {
    try {
      return await this.#putPartOnce(part, signal, turn);
    } catch (error) {
      if (nameOf(error) === "NoSuchUpload") return undefined;
      if (this.#refusesSha256 || !refusesChecksum(error)) {
        throw await this.#connection.explain(error, "s3:PutObject", signal);
      }
    }
    this.#shared.learn({ refusesSha256: true });
    return this.putPart(part, signal);
  }

  listParts(key: string, uploadId: string, signal?: AbortSignal): Promise<StoredPart[] | undefined> {
    return listParts(this.#connection, { key, uploadId, signal });
  }

  listUploads(key: string, signal?: AbortSignal): Promise<OpenUpload[]> {
    return listUploads(this.#connection, { key, signal });
  }

  async complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion> {
    const isConditional = this.#shared.learned.conditionalWrites !== "refused";
    try {
      const answer = await this.#completeOnce(request, isConditional ? { IfNoneMatch: "*" } : {}, signal);
      return await confirmCompletion(answer, request, () => this.#askComposite(request.key, signal));
    } catch (error) {
      if (isPreconditionFailed(error)) {
        this.#shared.learn({ conditionalWrites: "honored" });
        return { kind: "key-taken" };
      }
      if (nameOf(error) === "NoSuchUpload") return { kind: "no-such-upload" };
      if (isConditionalConflict(error) || /^InvalidPart(Order)?$/.test(nameOf(error))) return { kind: "start-anew" };
      if (isConditional && refusesCondition(error)) {
        this.#shared.learn({ conditionalWrites: "refused" });
        return { kind: "condition-refused" };
      }
      throw passingConflict(error) ?? (await this.#connection.explain(error, "s3:PutObject", signal));
    }
  }

  async abort(key: string, uploadId: string, signal?: AbortSignal): Promise<void> {
    const { questions, destination } = this.#connection;
    const command = new AbortMultipartUploadCommand({ Bucket: destination.bucket, Key: key, UploadId: uploadId });
    try {
      const answer = await this.#connection.ask(() => questions.send(command, abortWith(signal)), signal);
      // Whatever stands between may say 200 to everything; the store itself says 204.
      if (answer.$metadata.httpStatusCode === 204 || !(await this.listParts(key, uploadId, signal))) return;
      throw new BackupError("not-s3", { detail: "an aborted upload that is still there" });
    } catch (error) {
      if (nameOf(error) === "NoSuchUpload") return;
      throw await this.#connection.explain(error, "s3:AbortMultipartUpload", signal);
    }
  }

  get #refusesSha256(): boolean {
    return this.#shared.learned.refusesSha256;
  }

  /** What the store says of the whole when it is asked once more. */
  async #askComposite(key: string, signal: AbortSignal | undefined): Promise<CompletionAnswer> {
    const { questions, destination } = this.#connection;
    const question = new HeadObjectCommand({ Bucket: destination.bucket, Key: key, ChecksumMode: "ENABLED" });
    return this.#connection.ask(() => questions.send(question, abortWith(signal)), signal);
  }

  async #createOnce(upload: Omit<ObjectUpload, "body" | "onSent">, signal: AbortSignal | undefined): Promise<string> {
    const { questions, destination } = this.#connection;
    const command = new CreateMultipartUploadCommand({
      Bucket: destination.bucket,
      Key: upload.key,
      ContentType: upload.contentType,
      Metadata: upload.metadata,
      ...(this.#refusesSha256 ? {} : { ChecksumAlgorithm: "SHA256" as const }),
      ...storageClassOf(destination),
    });
    const { UploadId } = await this.#connection.ask(() => questions.send(command, abortWith(signal)), signal);
    if (!UploadId) throw new BackupError("not-s3", { detail: "a multipart upload without an id" });
    return UploadId;
  }

  async #putPartOnce(part: PartUpload, signal: AbortSignal | undefined, turn?: Promise<void>): Promise<StoredPart> {
    const { bodies, destination } = this.#connection;
    const md5 = this.#refusesSha256 ? await md5Base64Of(part.body) : undefined;
    const isBound = md5 === undefined && this.#shared.learned.bindsByChecksum;
    const { body, signal: anySignal, close } = openBody(part, signal);
    const command = new UploadPartCommand({
      Bucket: destination.bucket,
      Key: part.key,
      UploadId: part.uploadId,
      PartNumber: part.number,
      Body: body,
      ContentLength: part.sizeBytes,
      ChecksumSHA256: hexToBase64(part.sha256Hex),
      ...{ [boundByChecksum]: isBound },
    });
    if (md5 !== undefined) sendMd5Instead(command, md5);
    try {
      const send = () => bodies.send(command, carryOptions({ abortSignal: anySignal, turn, onSent: part.onSent }));
      const { ETag, ChecksumSHA256 } = await this.#connection.ask(send, anySignal, turn);
      if (!ETag) throw new BackupError("not-s3", { detail: "a part without an ETag" });
      const storeSha256 = base64ToHex(ChecksumSHA256);
      if (isBound && storeSha256 === undefined) {
        this.#shared.learn({ bindsByChecksum: false });
        return await this.#putPartOnce(part, signal);
      }
      if (storeSha256 !== undefined && storeSha256 !== part.sha256Hex) {
        throw new BackupError("checksum-mismatch", { detail: "the service's own SHA-256 of a part differs" });
      }
      const { number, sizeBytes } = part;
      return { number, sizeBytes, etag: ETag, ...(storeSha256 ? { storeSha256 } : {}) };
    } finally {
      close();
    }
  }

  async #completeOnce(
    { key, uploadId, parts }: CompletionRequest,
    condition: { IfNoneMatch?: "*" },
    signal: AbortSignal | undefined,
  ) {
    const { questions, destination } = this.#connection;
    const command = new CompleteMultipartUploadCommand({
      Bucket: destination.bucket,
      Key: key,
      UploadId: uploadId,
      MultipartUpload: {
        Parts: parts.map(({ number, etag, storeSha256 }) => ({
          PartNumber: number,
          ETag: etag,
          // Stores that computed it want it again; others do not know it.
          ...(storeSha256 ? { ChecksumSHA256: hexToBase64(storeSha256) } : {}),
        })),
      },
      ...condition,
    });
    return this.#connection.ask(() => questions.send(command, abortWith(signal)), signal);
  }
}

/** A 409 that no code explains passes by itself, as OperationAborted does: the completion is asked for again. */
function passingConflict(error: unknown): BackupError | undefined {
  if (error instanceof BackupError || statusOf(error) !== 409) return undefined;
  const { code, detail } = translateError(error);
  return code === "unknown" ? new BackupError("write-conflict", { detail, cause: error }) : undefined;
}
