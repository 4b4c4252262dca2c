import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BackupSession } from "../../helper/session/backup-session.ts";
import { openProbedStore } from "../../helper/session/open-probed-store.ts";
import { S3ObjectStore } from "../../helper/s3/s3-object-store.ts";
import { sessionBench, sessionBucket, type SessionBench } from "../support/engine/session-bench.ts";
import { tempState } from "../support/state/temp-state.ts";

const partBytes = 16 * 1024;
const largeFiles = { cutoffBytes: 4 * partBytes, partBytes, partsMost: 100 };

/** Photos before: of ours and of another Mac's. Both have said so in their catalogues. */
const recorded = 4;

/** Enough that a run lists the bucket and reads its catalogues. */
const fresh = 14;

/** A session with every kind of request ahead of it, on a bucket that nobody has probed yet. */
export interface OutageScene {
  bench: SessionBench;
  open(patienceMs: number): Promise<BackupSession>;
  /** What the ledger and the bucket have wrong, in words. */
  wrong(session: BackupSession): Promise<string[]>;
  /** What is on disk and not proven in the bucket, and what is left over there. */
  unfinished(session: BackupSession): Promise<string[]>;
}

export async function outageScene(isLedgerLost: boolean): Promise<OutageScene> {
  const bench = await sessionBench({ minPartBytes: partBytes });
  for (let index = 0; index < recorded; index += 1) bench.photo(`old ${index}.jpg`);
  await bench.backUp({ paths: await tempState() });
  await leaveStaleParts(bench);
  if (isLedgerLost) for (const path of [bench.paths.ledger, bench.paths.journal]) rmSync(path, { force: true });
  for (let index = 0; index < fresh; index += 1) bench.photo(`new ${index}.jpg`);
  bench.photo("copies/old 0.jpg", "photo old 0.jpg");
  bench.photo("movie.mov", movie("of today"));
  const before = await bytesInBucket(bench);
  return {
    bench,
    open: (patienceMs) => bench.open({ patienceMs, largeFiles, openStore: () => probedStore(bench) }),
    wrong: (session) => falseOrOverwritten(bench, session, before),
    unfinished: (session) => unfinished(bench, session),
  };
}

/** A movie that changes after its first parts: the run to come has to abort what lies there, and begin anew. */
async function leaveStaleParts(bench: SessionBench): Promise<void> {
  bench.photo("movie.mov", movie("of yesterday"));
  bench.s3.faults.add({
    kind: "status",
    status: 403,
    code: "AccessDenied",
    match: { operation: "UploadPart", nth: 3 },
  });
  const session = await bench.open({ largeFiles });
  await session.run(bench.runOf()).catch(() => undefined);
  await session.close();
  bench.s3.faults.clear();
  if (bench.s3.multipartUploads(sessionBucket).length !== 1) throw new Error("no upload in parts was left open");
}

function movie(text: string): Buffer {
  const bytes = Buffer.alloc(5 * partBytes + 1, text);
  return Buffer.concat([bytes, Buffer.from(text)]);
}

function probedStore({ s3, paths, clock }: SessionBench) {
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket: sessionBucket, prefix: "photos" };
  return openProbedStore({
    ...{ paths, destination, helperVersion: "1.0.0", now: () => clock.now() },
    open: async (known) => new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...known }),
  });
}

async function bytesInBucket({ s3 }: SessionBench): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { key } of s3.objects(sessionBucket)) found.set(key, sha256Of(await s3.readObject(sessionBucket, key)));
  return found;
}

async function falseOrOverwritten(
  bench: SessionBench,
  { ledger }: BackupSession,
  before: Map<string, string>,
): Promise<string[]> {
  const now = await bytesInBucket(bench);
  const overwritten = [...before].filter(([key, sha256]) => now.get(key) !== sha256);
  const untrue = [...ledger.entries()].filter(([, { s3Key, sha256 }]) => now.get(s3Key) !== sha256);
  return [
    ...overwritten.map(([key]) => `invariant 3: ${key} was overwritten or deleted`),
    ...untrue.map(([path]) => `invariant 1: the ledger has ${path}, the bucket has not`),
    ...(bench.s3.maxConcurrentBodies > 1 ? ["invariant 5: two bodies were in flight at once"] : []),
  ];
}

async function unfinished(bench: SessionBench, { ledger }: BackupSession): Promise<string[]> {
  const paths = readdirSync(bench.folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(jpg|mov)$/.test(name))
    .map((name) => join(bench.folder, name));
  const missing = paths.filter((path) => ledger.get(path)?.sha256 !== sha256Of(readFileSync(path)));
  const photos = bench.s3.objects(sessionBucket).filter(({ key }) => !key.includes("/.photolala/"));
  const contents = new Set(paths.map((path) => sha256Of(readFileSync(path)))).size;
  return [
    ...missing.map((path) => `${path.slice(dirname(bench.folder).length)} is not backed up`),
    ...(photos.length === contents ? [] : [`${photos.length} objects for ${contents} contents`]),
    // One whose id was lost with the answer is empty; the store's clock, which stood still meanwhile, tells too little of it.
    ...bench.s3
      .multipartUploads(sessionBucket)
      .filter(({ parts }) => parts.size > 0)
      .map(({ key }) => `parts of ${key} are left over`),
  ];
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
