import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BodyStore } from "./body-store.ts";
import { Bucket } from "./bucket.ts";
import type { KeepBodies } from "./loopback-options.ts";
import { S3Error } from "./s3-error.ts";
import type { StoredObject } from "./stored-object.ts";

type IndexRecord =
  | { op: "bucket"; name: string; region: string; createdAt: string }
  | { op: "put"; bucket: string; object: Omit<StoredObject, "lastModified"> & { lastModified: string } }
  | { op: "delete"; bucket: string; key: string };

/** All buckets. With bodies on disk, an append-only `index.jsonl` beside them brings the objects back after a restart. */
export class Store {
  readonly bodies: BodyStore;
  readonly #buckets = new Map<string, Bucket>();
  readonly #indexFile: string | undefined;

  constructor(keep: KeepBodies, dir: string | undefined) {
    this.bodies = new BodyStore(keep, dir);
    this.#indexFile = keep === "disk" && dir ? join(dir, "index.jsonl") : undefined;
    if (this.#indexFile && existsSync(this.#indexFile)) this.#replay(readFileSync(this.#indexFile, "utf8"));
  }

  buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    return bucket;
  }

  createBucket(name: string, region: string, createdAt: Date): Bucket {
    const bucket = new Bucket(name, region, createdAt);
    this.#buckets.set(name, bucket);
    this.#record({ op: "bucket", name, region, createdAt: createdAt.toISOString() });
    return bucket;
  }

  putObject(bucket: Bucket, object: StoredObject): void {
    const replaced = bucket.put(object);
    this.#record({
      op: "put",
      bucket: bucket.name,
      object: { ...object, lastModified: object.lastModified.toISOString() },
    });
    if (replaced) this.bodies.remove(replaced.segments);
  }

  deleteObject(bucket: Bucket, key: string): void {
    const removed = bucket.delete(key);
    if (!removed) return;
    this.#record({ op: "delete", bucket: bucket.name, key });
    this.bodies.remove(removed.segments);
  }

  #record(record: IndexRecord): void {
    if (this.#indexFile) appendFileSync(this.#indexFile, `${JSON.stringify(record)}\n`);
  }

  #replay(index: string): void {
    // Whatever follows the last newline was torn by a kill and was never answered for.
    const lines = index.slice(0, index.lastIndexOf("\n") + 1).split("\n");
    for (const line of lines) if (line !== "") this.#apply(JSON.parse(line) as IndexRecord);
  }

  #apply(record: IndexRecord): void {
    if (record.op === "bucket") {
      this.#buckets.set(record.name, new Bucket(record.name, record.region, new Date(record.createdAt)));
    } else if (record.op === "put") {
      this.bucket(record.bucket).put({ ...record.object, lastModified: new Date(record.object.lastModified) });
    } else {
      this.bucket(record.bucket).delete(record.key);
    }
  }
}
