import { buildSync, type OutputFile } from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const programs = ["launchctl", "security", "osascript", "open", "supervisor"];
let built: OutputFile[] | undefined;

/**
 * Writes the fakes as plain JavaScript into a folder. Started as they are, each would strip its types at every one of the
 * hundreds of calls a test file makes, at three times the cost.
 */
export function writeFakePrograms(folder: string): void {
  built ??= buildSync({
    entryPoints: programs.map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
    outdir: "/",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node22",
  }).outputFiles;
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of built) writeFileSync(join(folder, basename(path)), contents);
}
