import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished } from "vitest";
import { createClient } from "../../../helper/s3/create-client.ts";
import { listBuckets } from "../../../helper/s3/list-buckets.ts";
import { probeBucket } from "../../../helper/s3/probe-bucket.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { reasons, type ReasonCode } from "../../../helper/state/errors/reasons.ts";
import { cliBench, type CliAnswer } from "../../support/engine/cli-bench.ts";
import { readLedger, tornFiles } from "../../support/helper-process/read-state.ts";
import type { LoopbackOptions } from "../../support/loopback-s3/loopback-options.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { filesUnder } from "../../support/state/temp-state.ts";
import { shortLimits } from "../short-limits.ts";
import { expectOnlyWords } from "./expect-only-words.ts";
import { startFront, type Attack } from "./hostile-front.ts";

export const bucket = "photos-of-mine";
const credentials = { accessKeyId: "loopback-key", secretAccessKey: "loopback-secret-of-forty-characters-1234" };
export const photoNames = ["a.jpg", "b.jpg", "c.jpg"];

/** Seconds: on a loaded machine a good answer may be late, and is waited for. Under attack nothing is. */
const longPatience = "30";

let photosRoot: string | undefined;
afterAll(() => photosRoot && rmSync(photosRoot, { recursive: true }));

/** The same for every test of a file: what is old enough need not settle. */
function photosFolder(): string {
  if (photosRoot) return join(photosRoot, "Pictures");
  photosRoot = mkdtempSync(join(tmpdir(), "photolala-hostile-"));
  const folder = join(photosRoot, "Pictures");
  mkdirSync(folder);
  for (const name of photoNames) writeFileSync(join(folder, name), `the bytes of ${name}`);
  return folder;
}

/** The whole command line in this process, a store that works, and somebody hostile between the two. */
export async function hostileScene(options: Partial<LoopbackOptions> = {}) {
  const s3 = await startLoopbackS3({ ...credentials, buckets: [bucket], ...options });
  onTestFinished(() => s3.close());
  let attack: Attack = () => "pass";
  let patience = longPatience;
  const front = await startFront({ endpoint: s3.endpoint, attack: (met) => attack(met) });
  const shared = { credentials: async () => credentials, limits: shortLimits };
  const bench = await cliBench({
    openStore: async (destination, known) => new S3ObjectStore({ destination, ...shared, ...known }),
    probeBucket: async (destination, given) => probeBucket({ destination, ...shared, ...given }),
    listBuckets: async (place) => {
      const client = createClient({ ...place, ...shared, maxSockets: 1 });
      return listBuckets(client).finally(() => client.destroy());
    },
  });
  const folder = photosFolder();
  const place = ["--bucket", bucket, "--endpoint", front.endpoint, "--region", s3.region];
  return {
    ...{ s3, front, paths: bench.paths, bench, folder },
    attackWith: (next: Attack) => {
      attack = next;
      patience = "0";
    },
    relent: () => {
      attack = () => "pass";
      patience = longPatience;
    },
    backUp: () => bench.run("backup", folder, ...place, "--consent", "--json", "--patience", patience),
    probe: () => bench.run("probe", ...place, "--consent", "--json"),
    verify: (...more: string[]) => bench.run("verify", ...place, "--json", "--patience", patience, ...more),
    buckets: () => bench.run("buckets", "--endpoint", front.endpoint, "--region", s3.region, "--json"),
    /** Deletes an object behind the helper's back. */
    remove: (key: string) => s3.deleteObjectDirectly(bucket, key),
    keys: () =>
      s3
        .objects(bucket)
        .map(({ key }) => key)
        .filter((key) => !key.includes("/.photolala/")),
  };
}

export type HostileScene = Awaited<ReturnType<typeof hostileScene>>;

/** The whole program's answer to a refusal: one object of JSON with the reason's words, 3, and nothing more. */
export function expectStopped(scene: HostileScene, answer: CliAnswer, code: ReasonCode, detail = /^/): void {
  const { title, what, mend } = reasons[code];
  const { error } = answer.json() as { error?: Record<string, string> };
  expect(error, answer.stdout).toMatchObject({ code, title, what, mend });
  expect(error?.detail ?? "").toMatch(detail);
  expect(answer.exitCode).toBe(3);
  expectHarmless(scene, answer);
}

/** Words only: no stack, no secret, nothing that a terminal obeys, and every file of the state whole. */
export function expectHarmless(
  { paths }: Pick<HostileScene, "paths">,
  { stdout, stderr }: Pick<CliAnswer, "stdout" | "stderr">,
) {
  const said = stdout + stderr;
  expectOnlyWords(said);
  expect(tornFiles(paths)).toEqual([]);
  const written = filesUnder(paths.stateDir).map((name) => readFileSync(join(paths.stateDir, name), "latin1"));
  for (const text of [said, ...written]) expect(text.includes(credentials.secretAccessKey)).toBe(false);
}

export function expectNothingRecorded({ paths }: Pick<HostileScene, "paths">): void {
  expect(readLedger(paths).size).toBe(0);
}
