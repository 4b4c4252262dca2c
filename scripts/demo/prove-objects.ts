import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

interface Place {
  endpoint: string;
  region: string;
  bucket: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

export interface ProvenKind {
  extension: string;
  photos: number;
  bytes: number;
  equal: number;
}

/** Downloads every object and compares it with its file, byte for byte: not through the helper, but by itself. */
export async function proveObjects(files: { path: string; key: string }[], place: Place): Promise<ProvenKind[]> {
  const client = new S3Client({ ...place, forcePathStyle: true });
  const kinds = new Map<string, ProvenKind>();
  for (const { path, key } of files) {
    const answer = await client.send(new GetObjectCommand({ Bucket: place.bucket, Key: key }));
    const stored = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    const local = await readFile(path);
    const extension = extname(path).slice(1).toLowerCase();
    const kind = kinds.get(extension) ?? { extension, photos: 0, bytes: 0, equal: 0 };
    kind.photos += 1;
    kind.bytes += local.length;
    if (sha256(stored) === sha256(local)) kind.equal += 1;
    kinds.set(extension, kind);
  }
  client.destroy();
  return [...kinds.values()].sort((a, b) => a.extension.localeCompare(b.extension));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
