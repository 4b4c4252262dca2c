// `npm run demo`: the whole path on this machine alone, with real photos and a real (loopback) S3, in under a minute.
import { existsSync, watch } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import prettyBytes from "pretty-bytes";
import type { Status } from "../../helper/state/files/status.ts";
import { startDelayProxy } from "../../tests/support/loopback-s3/delay-proxy.ts";
import { startLoopbackS3, type LoopbackS3 } from "../../tests/support/loopback-s3/start-loopback-s3.ts";
import { generatePhoto, generatePhotoFolder } from "../../tests/support/photos/generate-photos.ts";
import { runHelperCommand, startHelper, stopHelper } from "./helper.ts";
import { proveObjects, type ProvenKind } from "./prove-objects.ts";

const bucket = "my-photos";
const photoCount = 150;
const formats = ["jpeg", "jpeg", "jpeg", "heic", "png", "webp", "tiff", "avif", "dng", "mov", "xmp"] as const;

/** Slow enough that the progress bar can be watched. */
const bytesPerSecond = 3_000_000;

const home = await mkdtemp(join(tmpdir(), "photolala-demo-"));
const pictures = join(home, "Pictures");
const credentials = { accessKeyId: "demo-key", secretAccessKey: crypto.randomUUID() };
const s3 = await startLoopbackS3({ ...credentials, buckets: [bucket], dir: join(home, "s3") });
const proxy = await startDelayProxy({ targetPort: s3.port, delayMs: 5, bytesPerSecond });
const env = {
  PHOTOLALA_STATE_DIR: join(home, "state"),
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
};

try {
  await demo();
} finally {
  await proxy.close();
  await s3.close();
  await rm(home, { recursive: true, force: true });
  say("\nEverything the demo made is removed again.");
}

async function demo(): Promise<void> {
  say(`1. Making ${photoCount} photos, videos and sidecars with capture dates …`);
  await generatePhotoFolder(pictures, {
    count: photoCount,
    approxBytes: 90_000,
    seed: 7,
    formats,
    photosPerFolder: 50,
  });

  say(`2. Backing them up to the bucket "${bucket}", one at a time, each checked by its SHA-256:\n`);
  await runHelperCommand(
    ["backup", pictures, "--bucket", bucket, "--endpoint", proxy.endpoint, "--consent", "--progress"],
    env,
  );

  say("\n3. Starting the background helper and dropping one more photo in while it watches …");
  await runHelperCommand(["folders", "add", pictures], env);
  const daemon = startHelper(["run"], env);
  try {
    const status = join(env.PHOTOLALA_STATE_DIR, "status.json");
    await until(status, ({ mode, counts }) => mode === "daemon" && counts.backedUp === photoCount);
    await writeFile(join(pictures, "Just taken 📷.jpg"), await generatePhoto({ format: "jpeg", seed: 4711 }));
    await until(status, ({ counts }) => counts.backedUp === photoCount + 1);
    say("   It is in the bucket.\n");
  } finally {
    await stopHelper(daemon);
  }

  say("4. Comparing every object in the bucket with its file, byte for byte:\n");
  const ledger = await readLedger();
  const kinds = await proveObjects(ledger, { endpoint: s3.endpoint, region: s3.region, bucket, credentials });
  printTable(kinds);
  assertAllEqual(kinds, s3);
}

/** The ledger is plain JSON: the demo reads it like anybody could. */
async function readLedger(): Promise<{ path: string; key: string }[]> {
  const text = await readFile(join(env.PHOTOLALA_STATE_DIR, "backup-state.json"), "utf8");
  const { files } = JSON.parse(text) as { files: Record<string, { s3Key: string }> };
  return Object.entries(files).map(([path, { s3Key }]) => ({ path, key: s3Key }));
}

/** Waits until the helper's status, a file which is only ever replaced whole, says what is waited for. */
async function until(path: string, isReached: (status: Status) => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(40_000);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = async () => {
    if (existsSync(path) && isReached(JSON.parse(await readFile(path, "utf8")) as Status)) resolve();
  };
  const watcher = watch(env.PHOTOLALA_STATE_DIR, () => void look().catch(reject));
  deadline.addEventListener("abort", () => reject(new Error("the helper did not do it within 40 seconds")));
  try {
    await look();
    await promise;
  } finally {
    watcher.close();
  }
}

function printTable(kinds: ProvenKind[]): void {
  say("   Format   Photos        Bytes   Same bytes in the bucket");
  say("   ------   ------   ----------   ------------------------");
  for (const kind of [...kinds, totalOf(kinds)]) {
    const columns = [kind.extension.padEnd(6), String(kind.photos).padStart(6), prettyBytes(kind.bytes).padStart(10)];
    say(`   ${columns.join("   ")}   ${kind.equal === kind.photos ? "yes, all of them" : `only ${kind.equal}`}`);
  }
}

function totalOf(kinds: ProvenKind[]): ProvenKind {
  const sum = (field: "photos" | "bytes" | "equal") => kinds.reduce((total, kind) => total + kind[field], 0);
  return { extension: "all", photos: sum("photos"), bytes: sum("bytes"), equal: sum("equal") };
}

function assertAllEqual(kinds: ProvenKind[], server: LoopbackS3): void {
  const { photos, equal } = totalOf(kinds);
  if (equal !== photoCount + 1 || photos !== equal)
    throw new Error(`only ${equal} of ${photoCount + 1} photos are equal`);
  const isOurs = ({ key }: { key: string }) => key.startsWith("photos/.photolala/");
  const besides = server.objects(bucket).filter((object) => !isOurs(object)).length - photos;
  if (besides !== 0) throw new Error(`the bucket holds ${besides} other objects too`);
  const pieces = server.objects(bucket).filter(({ key }) => key.endsWith(".jsonl.gz")).length;
  if (pieces === 0) throw new Error("the bucket holds no catalogue");
  say(
    `\n   ${photos} photos on disk, ${photos} photos in the bucket, every one the same, never two on the wire at once (${server.maxConcurrentBodies}).`,
  );
  say(
    `   Beside them a catalogue of ${pieces} pieces, which gunzip reads: every path, date and hash, should this disk be lost.`,
  );
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}
