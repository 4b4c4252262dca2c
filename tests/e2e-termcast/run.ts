/*
 * The end-to-end run of the built extension in termcast, as a person would use it on the first day:
 *   scripts/ensure-termcast.sh && node tests/e2e-termcast/run.ts
 * Prints each step and ends with "N passed, N failed". The screens' texts stay in PHOTOLALA_SCREENS_DIR; without
 * it they stay in the folder it names when a step failed, and are gone otherwise.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTermcast } from "./harness.ts";
import { prepareExtension } from "./prepare-extension.ts";
import { runSteps } from "./run-steps.ts";
import { scenario } from "./scenario.ts";
import { createWorld } from "./world.ts";

const projectDir = fileURLToPath(new URL("../..", import.meta.url));
const keptScreensDir = process.env.PHOTOLALA_SCREENS_DIR;
const screensDir = keptScreensDir ?? mkdtempSync(join(tmpdir(), "photolala-screens-"));

type CleanUp = () => Promise<void>;
const cleanUps: CleanUp[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(signal === "SIGINT" ? 130 : 143)));
}

// Whoever reads along may go away before the end; the clean-up must come all the same.
process.stdout.on("error", () => undefined);

const { passed, failed } = await runInTermcast();
if (keptScreensDir || failed > 0) console.log(`Screens: ${screensDir}`);
else rmSync(screensDir, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function runInTermcast(): Promise<{ passed: number; failed: number }> {
  try {
    const world = await createWorld();
    cleanUps.push(world.close);
    console.log(`The extension in termcast, against ${world.serverName} at ${world.endpoint}`);
    const extensionDir = join(world.workDir, "extension");
    prepareExtension(projectDir, extensionDir);
    const { workDir } = world;
    const termcast = await startTermcast({ extensionDir, workDir, projectDir, env: world.mac.env, screensDir });
    cleanUps.push(termcast.close);
    return await runSteps(scenario(world, termcast), (line) => console.log(line));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  } finally {
    await cleanUp();
  }
}

/** What was started last ends first; each once. */
async function cleanUp(): Promise<void> {
  for (let next = cleanUps.pop(); next; next = cleanUps.pop()) await next();
}
