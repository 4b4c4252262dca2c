import { join } from "node:path";
import { fakeFolder, readJson, writeJson } from "./fake-folder.ts";

/** The next so many answers of a launchctl subcommand, by its name. */
export type Faults = Record<string, { exitCode: number; times: number }>;

/** Takes one of the faults a test ordered, if there is any left. */
export function takeFault(subcommand: string): number | undefined {
  const path = join(fakeFolder(), "faults.json");
  const faults = readJson<Faults>(path, {});
  const fault = faults[subcommand];
  if (!fault || fault.times === 0) return undefined;
  fault.times -= 1;
  writeJson(path, faults);
  return fault.exitCode;
}
