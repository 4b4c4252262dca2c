// `npm run bench`: how fast the helper is, beside a bare client and other programs, in the same run on this machine.
import { parseArgs } from "node:util";
import { runParts, type BenchPart } from "./bench-context.ts";
import { bandwidth } from "./bandwidth.ts";
import { firstBackup } from "./first-backup.ts";
import { largeFile } from "./large-file.ts";
import { ledgerScale } from "./ledger-scale.ts";
import { manyPhotos } from "./many-photos.ts";
import { rescan } from "./rescan.ts";

const parts: BenchPart[] = [firstBackup, largeFile, bandwidth, rescan, ledgerScale, manyPhotos];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    alone: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));

if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(
    `Usage: npm run bench -- [${parts.map(({ name }) => name).join("] [")}] [--rounds N] [--quick] [--alone]\n`,
  );
  process.exitCode = 2;
} else {
  const chosen = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  // Ctrl+C reaches the programs that are measured too; the first that ends by it ends the benchmark, and all is removed.
  process.once("SIGINT", () => (process.exitCode = 130));
  try {
    await runParts(chosen, { rounds, isQuick: values.quick, isAlone: values.alone });
  } catch (error) {
    // What they failed with is no news then.
    if (process.exitCode !== 130) throw error;
    process.stderr.write("Interrupted.\n");
  }
}
