import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { KilledRun } from "./run-worker.ts";
import type { SimulatedMac } from "./simulated-mac.ts";

const worker = fileURLToPath(new URL("run-worker.ts", import.meta.url));

/**
 * A backup that is ended by SIGKILL when so many of its requests have arrived, unless it ends before.
 * @returns whether the kill hit it
 */
export async function killRun(mac: SimulatedMac, requestsBefore: number): Promise<boolean> {
  // Two helpers never share a ledger: the one in this process goes first.
  await mac.quit();
  const { paths, destination, chosen, clock, s3 } = mac;
  const given: KilledRun = {
    stateDir: paths.stateDir,
    destination,
    credentials: s3.credentials,
    folders: chosen,
    now: clock.now(),
  };
  const child = spawn(process.execPath, [worker, JSON.stringify(given)], { stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const from = s3.requests.length;
  const arrived = s3.log.waitFor(() => s3.requests.length >= from + requestsBefore).catch(() => undefined);
  await Promise.race([arrived, ended]);
  child.kill("SIGKILL");
  return (await ended) === "SIGKILL";
}
