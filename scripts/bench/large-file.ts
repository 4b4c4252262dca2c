import { randomBytes } from "node:crypto";
import { mkdtemp, open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchContext, BenchPart } from "./bench-context.ts";
import { atDistance, startBenchStore } from "./bench-store.ts";
import { findProgram, ourContender, rclone, succeed, type Contender } from "./contenders.ts";
import { settledMs } from "./make-photos.ts";
import { median, medianRatio } from "./median.ts";

const mebibyte = 1024 * 1024;

/** No format that anybody looks into: it is about bytes. */
const fileName = "scan.cr2";

/** One file of 1 GiB, one part at a time, beside rclone doing the same. */
export const largeFile: BenchPart = {
  name: "large-file",
  title: "One file of 1 GiB, one part in flight, whole processes",
  run: async (context) => {
    const rclonePath = context.isAlone ? undefined : await findProgram("rclone");
    if (!rclonePath) context.say("Without rclone there is nothing to compare with.\n");
    const store = await startBenchStore(context);
    const sizeBytes = (context.isQuick ? 100 : 1024) * mebibyte;
    try {
      const folder = await makeFile(sizeBytes, context);
      const contenders = [ourContender(store, context), ...(rclonePath ? [rcloneParts(rclonePath, store.keyEnv)] : [])];
      context.say("| | round trip | s | MB/s | speed, × rclone |\n|---|---|---|---|---|");
      for (const roundTripMs of [0, 30]) {
        const times = await atDistance(store, { roundTripMs }, (endpoint) =>
          inTurn(contenders, { folder, endpoint }, context.rounds),
        );
        for (const [index, { name }] of contenders.entries()) {
          const own = times[index] ?? [];
          const speed = sizeBytes / 1_000 / median(own);
          const ratio = rclonePath ? medianRatio(times.at(-1) ?? [], own).toFixed(2) : "";
          context.say(
            `| ${name} | ${roundTripMs} ms | ${(median(own) / 1_000).toFixed(1)} | ${speed.toFixed(0)} | ${ratio} |`,
          );
        }
      }
    } finally {
      await store.close();
    }
  },
};

async function makeFile(sizeBytes: number, { scratchDir }: BenchContext): Promise<string> {
  const folder = await mkdtemp(join(scratchDir, "large-"));
  const file = await open(join(folder, fileName), "w");
  for (let written = 0; written < sizeBytes; written += mebibyte) await file.write(randomBytes(mebibyte));
  await file.close();
  await delay(settledMs);
  return folder;
}

function rcloneParts(path: string, env: Record<string, string>): Contender {
  return {
    name: "rclone, parts of 16 MiB, one at a time",
    upload: async (upload) => {
      const parts = ["--s3-upload-concurrency", "1", "--s3-chunk-size", "16M", "--s3-upload-cutoff", "16M"];
      const command = [path, ...rclone("copy", upload), "--s3-no-check-bucket", ...parts];
      return { wholeMs: (await succeed(command, env)).wallMs };
    },
  };
}

async function inTurn(
  contenders: Contender[],
  { folder, endpoint }: { folder: string; endpoint: string },
  rounds: number,
): Promise<number[][]> {
  const times: number[][] = contenders.map(() => []);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const prefix = `${endpoint.slice(-5)}-${round}-${index}`;
      times[index]?.push((await contender.upload({ folder, endpoint, prefix })).wholeMs);
    }
  }
  return times;
}
