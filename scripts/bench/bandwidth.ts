import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { BenchPart } from "./bench-context.ts";
import { atDistance, startBenchStore, type BenchStore } from "./bench-store.ts";
import { ourContender, type Contender } from "./contenders.ts";
import { makePhotos } from "./make-photos.ts";
import { median } from "./median.ts";

/** Each takes about 15 s. */
const lines = [
  { megabits: 1, count: 10, bytesEach: 200_000 },
  { megabits: 10, count: 10, bytesEach: 2_000_000 },
  { megabits: 100, count: 30, bytesEach: 6_000_000 },
];

/** A piece of this size is part of a body: what goes before the first is the program's own start and its questions. */
const bodyPieceBytes = 4_096;

/** How much of a slow line's time photos are on it. */
export const bandwidth: BenchPart = {
  name: "bandwidth",
  title: "Slow lines: how busy the wire is with photos, from the first byte to the last",
  run: async (context) => {
    const store = await startBenchStore(context);
    try {
      const ours = ourContender(store, context);
      context.say("| Line | Photos | Busy |\n|---|---|---|");
      for (const line of lines) {
        const folder = await makePhotos(line, context);
        const shares: number[] = [];
        for (let round = 1; round <= context.rounds; round += 1) {
          shares.push(await busyShare({ ours, store, folder, megabits: line.megabits, round }));
        }
        const photos = `${line.count} × ${line.bytesEach / 1_000} kB`;
        context.say(`| ${line.megabits} Mbit/s | ${photos} | ${(median(shares) * 100).toFixed(1)} % |`);
      }
    } finally {
      await store.close();
    }
  },
};

interface Try {
  ours: Contender;
  store: BenchStore;
  folder: string;
  megabits: number;
  round: number;
}

async function busyShare({ ours, store, folder, megabits, round }: Try): Promise<number> {
  const bytesPerSecond = (megabits * 1_000_000) / 8;
  let firstAt = 0;
  let lastAt = 0;
  const onUploaded = (bytes: number): void => {
    if (bytes < bodyPieceBytes) return;
    lastAt = performance.now();
    // The first piece has come when it has taken its time.
    firstAt ||= lastAt - (bytes / bytesPerSecond) * 1_000;
  };
  await atDistance(store, { roundTripMs: 0, bytesPerSecond, onUploaded }, (endpoint) =>
    ours.upload({ folder, endpoint, prefix: `line-${megabits}-${round}` }),
  );
  return (((await bytesIn(folder)) / bytesPerSecond) * 1_000) / (lastAt - firstAt);
}

async function bytesIn(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) total += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return total;
}
