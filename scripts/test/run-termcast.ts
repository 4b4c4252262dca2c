import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { runStep, type StepResult } from "./run-step.ts";

/**
 * The built extension in termcast, a Raycast host for the terminal. Its packages are large and live apart, so here it
 * runs where they are found; PHOTOLALA_REQUIRE_TERMCAST makes it mandatory.
 */
export async function runTermcast(): Promise<StepResult> {
  const isInstalled = existsSync("tests/termcast/node_modules/.bin/termcast") && hasTmux();
  if (!isInstalled && !process.env.PHOTOLALA_REQUIRE_TERMCAST) {
    process.stdout.write("termcast is not installed (scripts/ensure-termcast.sh installs it): left out\n");
    return { passed: 0, failed: 0 };
  }
  return runStep("node", ["tests/e2e-termcast/run.ts"]);
}

function hasTmux(): boolean {
  return spawnSync("tmux", ["-V"]).status === 0;
}
