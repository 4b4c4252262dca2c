import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Another bundle than the built one may be named: a test names one made from the sources as they are. */
const bundle = process.argv[2] ?? fileURLToPath(new URL("../../assets/helper.mjs", import.meta.url));

/** Starts the real helper, as launchd or a person would, with its state in a folder of the demo's. */
export function startHelper(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [bundle, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** Runs a command of the helper to its end. @throws Error when it does not exit with 0 */
export async function runHelperCommand(args: string[], env: Record<string, string>): Promise<void> {
  const [exitCode] = (await once(startHelper(args, env), "exit")) as [number | null];
  if (exitCode !== 0) throw new Error(`helper ${args[0]} ended with ${exitCode}`);
}

export async function stopHelper(helper: ChildProcess): Promise<void> {
  if (helper.exitCode !== null || helper.signalCode !== null) return;
  const ended = once(helper, "exit");
  helper.kill("SIGTERM");
  await ended;
}
