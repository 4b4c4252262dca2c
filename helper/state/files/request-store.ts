import { randomBytes } from "node:crypto";
import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { BackupError } from "../errors/backup-error.ts";
import { systemErrorCode, translateStateError } from "../errors/translate-state-error.ts";
import type { StatePaths } from "../state-paths.ts";
import { ensureStateDirs } from "./ensure-state-dirs.ts";
import { readStateFile } from "./read-state-file.ts";
import { requestSchema, type HelperRequest } from "./request.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

interface NewRequest {
  kind: HelperRequest["kind"];
  paths?: string[];
}

interface TakenRequest {
  request: HelperRequest;
  /** Removes the request's file: call it once what was asked for is done or safely noted elsewhere. */
  done(): Promise<void>;
}

/** Leaves a request for the helper, which finds it at once when it runs and at its next start otherwise. */
export async function writeRequest(
  paths: StatePaths,
  request: NewRequest,
  now: () => number = Date.now,
): Promise<void> {
  await ensureStateDirs(paths);
  const createdAt = new Date(now()).toISOString();
  const name = `${createdAt.replaceAll(":", "-")}-${randomBytes(6).toString("hex")}.json`;
  const content: HelperRequest = requestSchema.parse({ version: 1, createdAt, ...request });
  await writeFileAtomic(join(paths.requestsDir, name), JSON.stringify(content, null, 2) + "\n");
}

/**
 * Every request that waits, oldest first. Each stays on disk until its `done()`, so a helper that is killed half-way
 * finds it again. One that makes no sense is set aside; one of a newer version is left for a newer helper, and so is
 * what is no file or cannot be opened.
 */
export async function takeRequests(paths: StatePaths): Promise<TakenRequest[]> {
  const taken: TakenRequest[] = [];
  for (const name of await requestNames(paths)) {
    const path = join(paths.requestsDir, name);
    const request = await readRequest(path);
    if (request) taken.push({ request, done: () => removeRequest(path) });
  }
  return taken.sort((a, b) => Date.parse(a.request.createdAt) - Date.parse(b.request.createdAt));
}

async function requestNames(paths: StatePaths): Promise<string[]> {
  try {
    const names = await readdir(paths.requestsDir);
    return names.filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort();
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw translateStateError(error, paths.requestsDir);
  }
}

async function readRequest(path: string): Promise<HelperRequest | undefined> {
  try {
    const found = await readStateFile(path, requestSchema, { version: 1 });
    return found.kind === "read" ? found.value : undefined;
  } catch (error) {
    // Nor does a wish that nobody can read or move away hold up the others, or the backup.
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}

async function removeRequest(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw translateStateError(error, path);
  }
}
