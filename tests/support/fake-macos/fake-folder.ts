import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";

/** The folder in which the fake tools keep what a Mac would keep: `FAKE_MACOS_DIR`. */
export function fakeFolder(): string {
  const folder = process.env.FAKE_MACOS_DIR;
  if (!folder) throw new Error("FAKE_MACOS_DIR is not set: use installFakeMacos()");
  return folder;
}

export function readJson<T>(path: string, fallback: T): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return fallback;
    throw error;
  }
}

/** Whole or not at all, since several fakes and the test read at once. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function appendJsonLine(folder: string, name: string, value: unknown): void {
  appendFileSync(join(folder, name), `${JSON.stringify(value)}\n`);
}

export function readJsonLines<T>(folder: string, name: string): T[] {
  try {
    const lines = readFileSync(join(folder, name), "utf8").split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line) as T);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** What a test switched through the handle (`switches.json`), or through a variable of this one process. */
export function fakeSwitch(name: string): string | undefined {
  const variable = process.env[`FAKE_MACOS_${name.toUpperCase().replaceAll("-", "_")}`];
  return variable ?? readJson<Record<string, string>>(join(fakeFolder(), "switches.json"), {})[name];
}

/** Every fake calls this first: tests prove by it that no secret was ever an argument. */
export function recordArguments(tool: string): string[] {
  const argv = process.argv.slice(2);
  appendJsonLine(fakeFolder(), "argv.jsonl", { tool, argv });
  return argv;
}
