import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchPart } from "./bench-context.ts";
import { runWatched } from "./peak-memory.ts";

const worker = fileURLToPath(new URL("ledger-scale-worker.ts", import.meta.url));

/** What the ledger alone costs at each size, each in a process of its own so that its memory can be told. */
export const ledgerScale: BenchPart = {
  name: "ledger",
  title: "The ledger alone",
  async run(context) {
    const sizes = context.isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
    context.say(
      "| entries | on disk | open | after opening | one upload | fold | event loop held by a fold | most memory |",
    );
    context.say("|---|---|---|---|---|---|---|---|");
    for (const count of sizes) {
      const stateDir = join(context.scratchDir, `ledger-${count}`);
      for (const step of ["make", "measure"]) {
        const command = [
          process.execPath,
          "--disable-warning=ExperimentalWarning",
          worker,
          step,
          stateDir,
          String(count),
        ];
        const run = await runWatched(command);
        if (run.exitCode !== 0) throw new Error(`${step} at ${count} entries failed: ${run.stderr}`);
        if (step === "measure") context.say(rowOf(count, run.stdout, run.peakMiB));
      }
    }
    context.say(
      "\n`one upload`: the mean of recording 20,000 new photos, the folds that come due among them included.",
    );
  },
};

export interface LedgerFigures {
  diskMb: number;
  openMs: number;
  openMiB: number;
  uploadMicroseconds: number;
  foldMs: number;
  heldMs: number;
}

function rowOf(count: number, stdout: string, peakMiB: number | undefined): string {
  const { diskMb, openMs, openMiB, uploadMicroseconds, foldMs, heldMs } = JSON.parse(stdout) as LedgerFigures;
  const cells = [
    ...[count.toLocaleString("en-US"), `${diskMb.toFixed(1)} MB`, `${(openMs / 1000).toFixed(2)} s`],
    ...[`${Math.round(openMiB)} MiB`, `${Math.round(uploadMicroseconds)} µs`, `${(foldMs / 1000).toFixed(2)} s`],
    ...[`${heldMs.toFixed(0)} ms`, peakMiB === undefined ? "not told here" : `${Math.round(peakMiB)} MiB`],
  ];
  return `| ${cells.join(" | ")} |`;
}
