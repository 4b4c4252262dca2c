/*
 * A small, strict S3 server for tests and demos, on 127.0.0.1 and in this process.
 *
 *   const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: ["photos"] });
 *   new S3Client({ endpoint: s3.endpoint, forcePathStyle: true, region: s3.region, credentials: s3.credentials });
 *
 *   const fault = s3.faults.add({ kind: "status", status: 503, code: "SlowDown", retryAfter: 2, match: { operation: "PutObject", nth: 3 } });
 *   await fault.whenFired;                          // wait for the moment, don't sleep
 *   await s3.log.waitFor((r) => r.operation === "HeadObject" && r.key === "photos/a.jpg");
 *   expect(s3.log.counts().PutObject).toBe(3);
 *   expect(s3.maxConcurrentBodies).toBe(1);
 *   expect(await s3.readObject("photos", "photos/a.jpg")).toEqual(bytes);
 *   s3.faults.assertAllFired();
 *   await s3.close();
 *
 * Strict means: signatures (SigV4, scope, skew, every x-amz- header signed), payload hashes, checksums, lengths, key and
 * metadata limits are all checked, unknown parameters are 501, and an object appears only when its whole body was verified.
 * `behavior` turns it into another kind of store (loopback-options.ts); `faults` makes it misbehave (fault-kinds.ts).
 * Not there: presigned URLs, virtual-host addressing, streaming signatures, versioning, ACLs, conditional reads, copies.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerBrokenRequest } from "./answer-broken-request.ts";
import { BodiesInFlight } from "./bodies-in-flight.ts";
import { Faults } from "./faults.ts";
import { handleRequest } from "./handle-request.ts";
import { awsBehavior, type AccessKey, type LoopbackOptions, type StoreBehavior } from "./loopback-options.ts";
import { putDirectly, type DirectObject } from "./put-directly.ts";
import { RequestLog, type LoggedRequest } from "./request-log.ts";
import type { ServerState } from "./server-state.ts";
import { Store } from "./store.ts";
import type { MultipartUpload, StoredObject } from "./stored-object.ts";

export interface LoopbackS3 {
  /** http://127.0.0.1:PORT, to be addressed path-style. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  readonly faults: Faults;
  readonly log: RequestLog;
  /** The same as `log.requests`: every request in the order of arrival, those under way included. */
  readonly requests: readonly LoggedRequest[];
  /** The most PutObject and UploadPart bodies that were ever in flight at once (invariant 5). */
  readonly maxConcurrentBodies: number;
  /** Keys and what they are denied; changes take effect at once. */
  readonly accessKeys: AccessKey[];
  /** What kind of store it is; changes take effect at once. */
  readonly behavior: StoreBehavior;
  /** A bucket's objects in the order of their keys. @throws S3Error NoSuchBucket */
  objects(bucket: string): StoredObject[];
  object(bucket: string, key: string): StoredObject | undefined;
  /** An object's bytes, as stored. */
  readObject(bucket: string, key: string): Promise<Buffer>;
  /** Unfinished multipart uploads. */
  multipartUploads(bucket: string): MultipartUpload[];
  /** Puts an object into the store without a request, as if somebody else had, even a damaged or checksum-less one. */
  putObjectDirectly(bucket: string, key: string, body: Buffer | string, details?: DirectObject): StoredObject;
  deleteObjectDirectly(bucket: string, key: string): void;
  /** Ends every connection, frees the port and removes a temporary folder. */
  close(): Promise<void>;
}

/** Starts the server; it listens when the promise settles. @throws when the port is taken */
export async function startLoopbackS3(options: LoopbackOptions): Promise<LoopbackS3> {
  const keep = options.keepBodies ?? (options.dir ? "disk" : "memory");
  const temporaryDir =
    keep === "disk" && !options.dir ? mkdtempSync(join(tmpdir(), "photolala-loopback-s3-")) : undefined;
  const state = createState(options, new Store(keep, options.dir ?? temporaryDir));
  const server = createHttpServer(state);
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const { accessKeyId, secretAccessKey } = options;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    region: state.region,
    credentials: { accessKeyId, secretAccessKey },
    faults: state.faults,
    log: state.log,
    requests: state.log.requests,
    get maxConcurrentBodies() {
      return state.bodies.max;
    },
    accessKeys: state.accessKeys,
    behavior: state.behavior,
    objects: (bucket) => state.store.bucket(bucket).sortedObjects(),
    object: (bucket, key) => state.store.bucket(bucket).get(key),
    readObject: (bucket, key) => readObject(state.store, bucket, key),
    multipartUploads: (bucket) => [...state.store.bucket(bucket).uploads.values()],
    putObjectDirectly: (bucket, key, body, details) => putDirectly(state, bucket, key, Buffer.from(body), details),
    deleteObjectDirectly: (bucket, key) => state.store.deleteObject(state.store.bucket(bucket), key),
    close: () => close(server, temporaryDir),
  };
}

function createState(options: LoopbackOptions, store: Store): ServerState {
  const { accessKeyId, secretAccessKey, deniedActions = [], region = "us-east-1", now = () => new Date() } = options;
  for (const wanted of options.buckets ?? []) {
    const bucket = typeof wanted === "string" ? { name: wanted, region } : wanted;
    if (!store.findBucket(bucket.name)) store.createBucket(bucket.name, bucket.region, now());
  }
  return {
    store,
    behavior: { ...awsBehavior, ...options.behavior },
    region,
    accessKeys: [{ accessKeyId, secretAccessKey, deniedActions }, ...(options.accessKeys ?? [])],
    faults: new Faults(),
    log: new RequestLog(),
    bodies: new BodiesInFlight(),
    now,
    underWay: new WeakMap(),
  };
}

function createHttpServer(state: ServerState): Server {
  // Longer than any client keeps its sockets, so that none is closed at the moment of its reuse.
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0, noDelay: true });
  const handle: RequestListener = (incoming, response) => {
    void handleRequest(state, incoming, response);
  };
  server.on("request", handle);
  server.on("checkContinue", handle);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) =>
    answerBrokenRequest(state, error, socket as Socket),
  );
  return server;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

async function readObject(store: Store, bucketName: string, key: string): Promise<Buffer> {
  const object = store.bucket(bucketName).get(key);
  if (!object) throw new Error(`There is no object ${key} in ${bucketName}`);
  const chunks: Buffer[] = [];
  for await (const chunk of store.bodies.read(object.segments, 0, object.sizeBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function close(server: Server, temporaryDir: string | undefined): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  if (temporaryDir) rmSync(temporaryDir, { recursive: true, force: true });
}
