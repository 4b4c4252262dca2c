import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchContext, BenchPart } from "./bench-context.ts";
import { findProgram } from "./contenders.ts";
import { median } from "./median.ts";
import { runWatched, type MeasuredRun } from "./peak-memory.ts";
import { makeBackedUpState, makePhotos } from "./rescan-world.ts";

interface Rescanner {
  name: string;
  rescan(): Promise<MeasuredRun>;
}

/** Files younger than this are watched for changes before they are taken. */
const settledMs = 2_500;

/** A backup in which nothing is new: process start to exit, beside other programs that keep a record of what they sent. */
export const rescan: BenchPart = {
  name: "rescan",
  title: "Rescan of unchanged files",
  async run(context) {
    const count = context.isQuick ? 2_000 : 100_000;
    const folder = join(context.scratchDir, "rescan", "Pictures");
    makePhotos(folder, count);
    await delay(settledMs);
    const rescanners = [await ourselves(folder, count, context)];
    if (!context.isAlone) rescanners.push(...(await others(folder, context)));
    const runs = rescanners.map((): MeasuredRun[] => []);
    for (let round = 0; round < context.rounds; round += 1) {
      for (const [index, { name, rescan: once }] of rescanners.entries()) {
        const run = await once();
        if (run.exitCode !== 0) throw new Error(`${name} ended with ${run.exitCode}: ${run.stderr}${run.stdout}`);
        runs[index]?.push(run);
      }
    }
    context.say(`${count} files of one byte in ${Math.ceil(count / 100)} folders, medians of ${context.rounds}:\n`);
    context.say("| program | process start to exit | most memory |\n|---|---|---|");
    for (const [index, { name }] of rescanners.entries()) context.say(rowOf(name, runs[index] ?? []));
    context.say("\nEarlier, on this kind of machine at rest: kopia 0.22 1.2 s and 165 MB.");
  },
};

async function ourselves(folder: string, count: number, context: BenchContext): Promise<Rescanner> {
  const stateDir = join(context.scratchDir, "rescan", "state");
  await makeBackedUpState(stateDir, folder, count);
  const env = { PHOTOLALA_STATE_DIR: stateDir, PHOTOLALA_LOG_DIR: join(stateDir, "logs") };
  return {
    name: "Photolala `backup`",
    async rescan() {
      const run = await runWatched([process.execPath, context.helperPath, "backup", "--json"], env);
      const { alreadyBackedUp, requests } = JSON.parse(run.stdout) as { alreadyBackedUp: number; requests: number };
      if (alreadyBackedUp !== count || requests !== 0) throw new Error(`It was no rescan: ${run.stdout}`);
      return run;
    },
  };
}

async function others(folder: string, context: BenchContext): Promise<Rescanner[]> {
  const base = join(context.scratchDir, "rescan");
  const found: Rescanner[] = [];
  const kopia = await findProgram("kopia");
  if (kopia) {
    const env = {
      KOPIA_PASSWORD: "benchmark",
      KOPIA_CONFIG_PATH: join(base, "kopia.config"),
      KOPIA_CHECK_FOR_UPDATES: "false",
    };
    await mkdir(join(base, "kopia"));
    await succeed([kopia, "repository", "create", "filesystem", "--path", join(base, "kopia")], env);
    const snapshot = [kopia, "snapshot", "create", "--no-progress", folder];
    await succeed(snapshot, env);
    found.push({ name: "kopia `snapshot create`, local repository", rescan: () => runWatched(snapshot, env) });
  } else context.say("kopia was not found here.\n");
  const rclone = await findProgram("rclone");
  if (rclone) {
    const copy = [rclone, "copy", folder, join(base, "rclone"), "--config", "/dev/null", "--log-level", "ERROR"];
    await succeed(copy);
    found.push({ name: "rclone `copy`, to a local folder", rescan: () => runWatched(copy) });
  } else context.say("rclone was not found here.\n");
  return found;
}

async function succeed(command: string[], env?: Record<string, string>): Promise<void> {
  const run = await runWatched(command, env);
  if (run.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${run.exitCode}: ${run.stderr}`);
}

function rowOf(name: string, runs: MeasuredRun[]): string {
  const peaks = runs.flatMap(({ peakMiB }) => peakMiB ?? []);
  const memory = peaks.length > 0 ? `${Math.round(Math.max(...peaks))} MiB` : "not told here";
  return `| ${name} | ${(median(runs.map(({ wallMs }) => wallMs)) / 1000).toFixed(2)} s | ${memory} |`;
}
