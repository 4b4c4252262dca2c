import { mkdtemp } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { generatePhotoFolder } from "../../tests/support/photos/generate-photos.ts";
import type { BenchContext, BenchPart } from "./bench-context.ts";
import { benchBucket } from "./bench-store.ts";
import { settledMs } from "./make-photos.ts";
import { runWatched, type MeasuredRun } from "./peak-memory.ts";
import { startSeparateS3, type SeparateS3 } from "./separate-s3.ts";

const bytesEach = 3_000;
const newPhotos = 3_000;

/** What a whole collection costs the helper, whole processes against the tests' own S3 in a process of its own. */
export const manyPhotos: BenchPart = {
  name: "many-photos",
  title: "Whole collections",
  async run(context) {
    for (const count of context.isQuick ? [1_000] : [10_000, 100_000]) {
      const s3 = await startSeparateS3();
      try {
        await measureCollection(count, s3, context);
      } finally {
        await s3.close();
      }
    }
  },
};

async function measureCollection(count: number, s3: SeparateS3, context: BenchContext): Promise<void> {
  const folder = await mkdtemp(join(context.scratchDir, "Pictures-"));
  await generatePhotoFolder(folder, { count, approxBytes: bytesEach, seed: 1, photosPerFolder: 100 });
  await delay(settledMs);
  context.say(`\n### ${count.toLocaleString("en-US")} photos of about ${bytesEach / 1000} kB\n`);
  context.say("| step | wall | processor | most memory | requests | uploaded | load |\n|---|---|---|---|---|---|---|");
  const state = await mkdtemp(join(context.scratchDir, "state-"));
  const where = ["--bucket", benchBucket, "--endpoint", s3.endpoint, "--region", "us-east-1", "--consent"];
  const step = async (name: string, stateDir: string, args: string[]): Promise<void> => {
    const env = { ...s3.keyEnv, PHOTOLALA_STATE_DIR: stateDir, PHOTOLALA_LOG_DIR: join(stateDir, "logs") };
    const run = await runWatched([process.execPath, context.helperPath, ...args, "--json"], env);
    context.say(rowOf(name, run));
  };
  await step("first backup", state, ["backup", folder, ...where]);
  await step("nothing changed", state, ["backup", folder]);
  const more = join(folder, "More");
  const amount = context.isQuick ? newPhotos / 10 : newPhotos;
  await generatePhotoFolder(more, { count: amount, approxBytes: bytesEach, seed: 2, photosPerFolder: 100 });
  await delay(settledMs);
  await step(`${amount.toLocaleString("en-US")} new photos`, state, ["backup", folder]);
  await step("`verify`", state, ["verify", folder]);
  await step("`verify --read-data`", state, ["verify", folder, "--read-data"]);
  const anew = await mkdtemp(join(context.scratchDir, "state-"));
  await step("state lost", anew, ["backup", folder, ...where]);
  await step("nothing changed since", anew, ["backup", folder]);
}

function rowOf(name: string, run: MeasuredRun): string {
  if (run.exitCode !== 0) throw new Error(`"${name}" ended with ${run.exitCode}: ${run.stdout}${run.stderr}`);
  const { requests, uploaded } = JSON.parse(run.stdout) as { requests?: number; uploaded?: number };
  const { wallMs, processorMs, peakMiB } = run;
  const cells = [
    ...[
      name,
      `${(wallMs / 1000).toFixed(2)} s`,
      processorMs === undefined ? "" : `${(processorMs / 1000).toFixed(2)} s`,
    ],
    ...[peakMiB === undefined ? "" : `${Math.round(peakMiB)} MiB`, requests ?? "", uploaded ?? ""],
    (loadavg()[0] as number).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}
