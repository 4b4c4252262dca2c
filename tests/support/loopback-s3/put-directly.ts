import { createHash } from "node:crypto";
import type { ServerState } from "./server-state.ts";
import type { ObjectHeaders, StoredObject } from "./stored-object.ts";

export interface DirectObject extends Partial<ObjectHeaders> {
  /** Overrides the MD5 ETag (quoted), for an object that was encrypted or uploaded in parts by somebody else. */
  etag?: string;
  /** Whether the store knows the body's SHA-256 checksum; false by default, as with other tools' uploads. */
  withChecksum?: boolean;
  lastModified?: Date;
}

/** Puts an object into a bucket without a request. */
export function putDirectly(
  state: ServerState,
  bucketName: string,
  key: string,
  body: Buffer,
  details: DirectObject = {},
): StoredObject {
  const writer = state.store.bodies.writer();
  writer.write(body);
  const sha256 = createHash("sha256").update(body).digest();
  const object: StoredObject = {
    contentType: details.contentType ?? "binary/octet-stream",
    storageClass: details.storageClass ?? "STANDARD",
    metadata: details.metadata ?? {},
    otherHeaders: details.otherHeaders ?? {},
    key,
    sizeBytes: body.length,
    etag: details.etag ?? `"${createHash("md5").update(body).digest("hex")}"`,
    sha256: sha256.toString("hex"),
    checksums: details.withChecksum ? { sha256: sha256.toString("base64") } : {},
    checksumType: "FULL_OBJECT",
    lastModified: details.lastModified ?? state.now(),
    segments: [writer.finish()],
  };
  state.store.putObject(state.store.bucket(bucketName), object);
  return object;
}
