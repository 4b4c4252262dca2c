import { ListObjectsV2Command, type _Object } from "@aws-sdk/client-s3";
import type { ListedObject, ListPage } from "../backup/object-listing.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { refuseLongList } from "./refuse-long-list.ts";
import { abortWith, type S3Connection } from "./s3-connection.ts";

interface Asked {
  prefix: string;
  continuation: string | undefined;
  signal: AbortSignal | undefined;
}

/** What S3 gives at the most. Said, because some stores give more to who does not ask. */
const keysAPage = 1_000;

/** One page of a listing, up to 1,000 keys in the order of their bytes. @throws BackupError what the store said */
export async function listObjects(connection: S3Connection, asked: Asked): Promise<ListPage> {
  const { questions, destination } = connection;
  const question = new ListObjectsV2Command({
    Bucket: destination.bucket,
    Prefix: asked.prefix,
    // XML cannot hold every character a key may have.
    EncodingType: "url",
    MaxKeys: keysAPage,
    ...(asked.continuation ? { ContinuationToken: asked.continuation } : {}),
  });
  refuseLongList(question, keysAPage);
  try {
    const answer = await connection.ask(() => questions.send(question, abortWith(asked.signal)), asked.signal);
    if (answer.Name === undefined) throw new BackupError("not-s3", { detail: "its listing names no bucket" });
    const decode = answer.EncodingType === "url" ? decodeKey : (key: string) => key;
    const objects = (answer.Contents ?? []).flatMap((found) => listedObject(found, decode));
    const { IsTruncated, NextContinuationToken } = answer;
    // A page that says "more" and not where would be read as the whole; what it lacks would count as gone.
    if (IsTruncated && !NextContinuationToken) throw new BackupError("not-s3", { detail: "a listing without its end" });
    return { objects, ...(IsTruncated && NextContinuationToken ? { continuation: NextContinuationToken } : {}) };
  } catch (error) {
    throw await connection.explain(error, "s3:ListBucket", asked.signal);
  }
}

function listedObject(found: _Object, decode: (key: string) => string): ListedObject[] {
  if (found.Key === undefined) return [];
  return [
    {
      key: decode(found.Key),
      sizeBytes: found.Size ?? -1,
      ...(found.ETag ? { etag: found.ETag.replaceAll('"', "") } : {}),
      ...(found.LastModified ? { modifiedAt: found.LastModified } : {}),
      ...(found.StorageClass ? { storageClass: found.StorageClass } : {}),
    },
  ];
}

function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}
