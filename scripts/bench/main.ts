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

const usage = `Usage: npm run bench -- [${parts.map(({ name }) => name).join("] [")}] [--rounds N] [--quick] [--alone]

Without a name, all of them.
  --rounds N  how often each is measured, 5 by default
  --quick     fewer and smaller photos, to see that it works
  --alone     without rclone and other programs
`;
const asked = ask();

if (asked === "help") {
  process.stdout.write(usage);
} else if (asked === "wrong") {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const { names, ...sizes } = asked;
  const chosen = parts.filter(({ name }) => names.length === 0 || names.includes(name));
  // Ctrl+C reaches the programs that are measured too; the first that ends by it ends the benchmark, and all is removed.
  process.once("SIGINT", () => (process.exitCode = 130));
  try {
    await runParts(chosen, sizes);
  } catch (error) {
    // What they failed with is no news then.
    if (process.exitCode !== 130) throw error;
    process.stderr.write("Interrupted.\n");
  }
}

function ask() {
  try {
    const { values, positionals: names } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "5" },
        quick: { type: "boolean", default: false },
        alone: { type: "boolean", default: false },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    if (values.help) return "help";
    const rounds = Number(values.rounds);
    const isKnown = names.every((name) => parts.some((part) => part.name === name));
    if (!isKnown || !Number.isInteger(rounds) || rounds < 1) return "wrong";
    return { names, rounds, isQuick: values.quick, isAlone: values.alone };
  } catch {
    return "wrong";
  }
}
