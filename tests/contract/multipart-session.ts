import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import type { StoreDifferences } from "./store-differences.ts";
import { outcomeOf, sha256Base64, type ContractContext } from "./contract-context.ts";

/** The smallest multipart object: 5 MiB and a tail. */
export const partBodies = [Buffer.alloc(5 * 1024 * 1024, 1), Buffer.from("tail")];

const partDigests = partBodies.map((body) => createHash("sha256").update(body).digest());

/** The composite checksum of those parts. */
export const wholeChecksum = `${sha256Base64(Buffer.concat(partDigests))}-${partBodies.length}`;

/** What a completion says instead of the plain truth. */
export interface Completion {
  Parts?: CompletedPart[];
  ChecksumSHA256?: string;
  IfNoneMatch?: string;
}

interface Target {
  Bucket: string;
  Key: string;
}

/** An upload with its parts sent, ready to be completed in one way or another. */
export class MultipartSession {
  readonly target: Target;
  readonly upload: Target & { UploadId: string };
  readonly parts: CompletedPart[] = [];
  /** Its parts were announced, and sent, with their SHA-256. */
  readonly withChecksums: boolean;
  readonly #context: ContractContext;

  private constructor(context: ContractContext, target: Target, uploadId: string, withChecksums: boolean) {
    this.withChecksums = withChecksums;
    this.#context = context;
    this.target = target;
    this.upload = { ...target, UploadId: uploadId };
  }

  static async withParts(
    context: ContractContext,
    differences: Pick<StoreDifferences, "createWithChecksum">,
    key: string,
    bodies = partBodies,
  ): Promise<MultipartSession> {
    const target = { Bucket: context.bucket, Key: key };
    const plain = { ...target, Metadata: { sha256: "of-the-whole" } };
    const withChecksums = differences.createWithChecksum === "200";
    const create = withChecksums ? { ...plain, ChecksumAlgorithm: "SHA256" as const } : plain;
    const { UploadId = "" } = await context.client.send(new CreateMultipartUploadCommand(create));
    const session = new MultipartSession(context, target, UploadId, withChecksums);
    for (const [index, body] of bodies.entries()) {
      const part = { PartNumber: index + 1, ...(withChecksums ? { ChecksumSHA256: sha256Base64(body) } : {}) };
      const sent = await context.client.send(new UploadPartCommand({ ...session.upload, ...part, Body: body }));
      session.parts.push({ ...part, ETag: sent.ETag });
    }
    return session;
  }

  complete(changes: Completion): Promise<string> {
    const { Parts = this.parts, ...rest } = changes;
    const command = new CompleteMultipartUploadCommand({ ...this.upload, ...rest, MultipartUpload: { Parts } });
    return outcomeOf(this.#context.client.send(command));
  }

  headOutcome(): Promise<string> {
    return outcomeOf(this.#context.client.send(new HeadObjectCommand(this.target)));
  }

  async abort(): Promise<void> {
    await this.#context.client.send(new AbortMultipartUploadCommand(this.upload));
  }
}
