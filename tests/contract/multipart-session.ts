import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { outcomeOf, sha256Base64, type ContractContext } from "./contract-context.ts";

/** The smallest multipart object: 5 MiB and a tail. */
export const partBodies = [Buffer.alloc(5 * 1024 * 1024, 1), Buffer.from("tail")];

const partDigests = partBodies.map((body) => createHash("sha256").update(body).digest());

/** The composite checksum of those parts. */
export const wholeChecksum = `${sha256Base64(Buffer.concat(partDigests))}-${partBodies.length}`;

interface Target {
  Bucket: string;
  Key: string;
}

/** An upload with its parts sent, ready to be completed in one way or another. */
export class MultipartSession {
  readonly target: Target;
  readonly upload: Target & { UploadId: string };
  readonly parts: CompletedPart[] = [];
  readonly #context: ContractContext;

  private constructor(context: ContractContext, target: Target, uploadId: string) {
    this.#context = context;
    this.target = target;
    this.upload = { ...target, UploadId: uploadId };
  }

  static async withParts(context: ContractContext, key: string, bodies = partBodies): Promise<MultipartSession> {
    const target = { Bucket: context.bucket, Key: key };
    const create = { ...target, ChecksumAlgorithm: "SHA256" as const, Metadata: { sha256: "of-the-whole" } };
    const { UploadId = "" } = await context.client.send(new CreateMultipartUploadCommand(create));
    const session = new MultipartSession(context, target, UploadId);
    for (const [index, body] of bodies.entries()) {
      const ChecksumSHA256 = sha256Base64(body);
      const part = { PartNumber: index + 1, ChecksumSHA256 };
      const sent = await context.client.send(new UploadPartCommand({ ...session.upload, ...part, Body: body }));
      session.parts.push({ ...part, ETag: sent.ETag });
    }
    return session;
  }

  complete(changes: { Parts?: CompletedPart[]; ChecksumSHA256?: string; IfNoneMatch?: string }): Promise<string> {
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
