import type { BenchPart } from "./bench-context.ts";
import { atDistance, startBenchStore } from "./bench-store.ts";
import { bareContender, ourContender, peerContenders, type Contender, type Measured } from "./contenders.ts";
import { makePhotos } from "./make-photos.ts";
import { median, medianRatio } from "./median.ts";

interface Load {
  name: string;
  count: number;
  bytesEach: number;
}

const loads: Load[] = [
  { name: "500 × 20 kB", count: 500, bytesEach: 20_000 },
  { name: "60 × 4 MB", count: 60, bytesEach: 4_000_000 },
];

/** A whole first backup, beside a client that does nothing but upload, and beside other programs. */
export const firstBackup: BenchPart = {
  name: "first-backup",
  title: "First backup, one body at a time",
  run: async (context) => {
    const store = await startBenchStore(context);
    try {
      const contenders = [
        bareContender(store),
        bareContender(store, "same"),
        ourContender(store, context),
        ...(await peerContenders(store, context)),
      ];
      for (const load of loads) {
        const folder = await makePhotos(load, context);
        for (const roundTripMs of [0, 30]) {
          context.say(`### ${load.name}, ${roundTripMs} ms round trip\n`);
          const runs = await atDistance(store, { roundTripMs }, (endpoint) =>
            alternate(contenders, { folder, endpoint }, context.rounds),
          );
          context.say(tableOf(contenders, runs, context.isQuick ? Math.ceil(load.count / 10) : load.count));
        }
      }
    } finally {
      await store.close();
    }
  },
};

let uploadCount = 0;

/** Each contender once a round, in turn, so that a machine that gets slower does so for all. The first round is for warming up. */
async function alternate(
  contenders: Contender[],
  { folder, endpoint }: { folder: string; endpoint: string },
  rounds: number,
): Promise<Measured[][]> {
  const runs: Measured[][] = contenders.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const prefix = `upload-${(uploadCount += 1)}`;
      const measured = await contender.upload({ folder, endpoint, prefix });
      if (round > 0) runs[index]?.push(measured);
    }
  }
  return runs;
}

function tableOf(contenders: Contender[], runs: Measured[][], photos: number): string {
  const [bare = [], same = []] = runs;
  const bareWhole = bare.map((run) => run.wholeMs);
  const bareWork = bare.map((run) => run.workMs ?? NaN);
  const sameWhole = same.map((run) => run.wholeMs);
  const sameWork = same.map((run) => run.workMs ?? NaN);
  const rows = contenders.map(({ name }, index) => {
    const own = runs[index] ?? [];
    const whole = own.map((run) => run.wholeMs);
    const work = own.map((run) => run.workMs ?? NaN);
    const requests = median(own.map((run) => run.requests ?? NaN)) / photos;
    const cells = [
      name,
      (median(whole) / photos).toFixed(1),
      medianRatio(whole, bareWhole).toFixed(2),
      medianRatio(whole, sameWhole).toFixed(2),
      (median(work) / photos).toFixed(1),
      medianRatio(work, bareWork).toFixed(2),
      medianRatio(work, sameWork).toFixed(2),
      requests.toFixed(2),
    ];
    return `| ${cells.map((cell) => cell.replace("NaN", "")).join(" | ")} |`;
  });
  const head = [
    "| | whole process, ms a photo | × bare | × same requests | scan to last photo, ms a photo | × bare | × same requests | requests a photo |",
    "|---|---|---|---|---|---|---|---|",
  ];
  return [...head, ...rows, ""].join("\n");
}
