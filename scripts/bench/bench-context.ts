import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "./run-process.ts";

/** What every part of the benchmark is given. */
export interface BenchContext {
  /** Emptied at the end, also after Ctrl+C. */
  scratchDir: string;
  /** The helper as it ships, bundled anew for this benchmark. */
  helperPath: string;
  /** How often each thing is measured; medians are shown. */
  rounds: number;
  /** Fewer and smaller files: to see that it runs, not for figures. */
  isQuick: boolean;
  /** The other programs are left out. */
  isAlone: boolean;
  say(text: string): void;
}

export interface BenchPart {
  name: string;
  title: string;
  run(context: BenchContext): Promise<void>;
}

interface Wanted {
  rounds: number;
  isQuick: boolean;
  isAlone: boolean;
}

/** Runs the parts one after another, and removes all they made, whatever happens. */
export async function runParts(parts: BenchPart[], wanted: Wanted): Promise<void> {
  const scratchDir = await mkdtemp(join(tmpdir(), "photolala-bench-"));
  // As the launcher has it for the helper, and for the bare client alike.
  process.env.NODE_COMPILE_CACHE = join(scratchDir, "compile-cache");
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  try {
    const helperPath = join(scratchDir, "helper.mjs");
    const built = await runProcess([process.execPath, "scripts/build-helper.mjs", helperPath]);
    if (built.exitCode !== 0) throw new Error(`The helper could not be built: ${built.stderr}`);
    for (const part of parts) {
      say(`\n## ${part.title}\n`);
      await part.run({ ...wanted, scratchDir, helperPath, say });
    }
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}
