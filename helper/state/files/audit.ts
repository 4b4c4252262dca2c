import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { translateStateError } from "../errors/translate-state-error.ts";
import type { StatePaths } from "../state-paths.ts";
import { ensureStateDirs } from "./ensure-state-dirs.ts";

interface AuditRecord {
  /** What was done, kebab-case: "consent-given", "settings-changed", "photo-uploaded". */
  action: string;
  [detail: string]: unknown;
}

const secretName = /secret|password|passphrase|token|credential|access_?key|authorization/i;

/**
 * Appends one line to `audit.jsonl`: `{at, pid, action, ...details}`. Lines are only ever added, each by a single write,
 * so that several processes can do it at once. Details whose names sound like secrets are left out, whatever they hold.
 */
export async function appendAudit(paths: StatePaths, record: AuditRecord, now: () => number = Date.now): Promise<void> {
  await ensureStateDirs(paths);
  const line =
    JSON.stringify({ at: new Date(now()).toISOString(), pid: process.pid, ...record }, withoutSecrets) + "\n";
  try {
    appendLine(paths.audit, line);
  } catch (error) {
    throw translateStateError(error, paths.audit);
  }
}

function withoutSecrets(name: string, value: unknown): unknown {
  if (secretName.test(name)) return undefined;
  return typeof value === "string" ? value.replace(/^(https?:\/\/)[^/@]*@/i, "$1") : value;
}

function appendLine(path: string, line: string): void {
  const file = openSync(path, "a+", 0o600);
  try {
    const bytes = Buffer.from(endsMidLine(file) ? `\n${line}` : line);
    if (writeSync(file, bytes) !== bytes.length) {
      throw Object.assign(new Error("the disk took no more bytes"), { code: "ENOSPC", syscall: "write" });
    }
  } finally {
    closeSync(file);
  }
}

/** True after a process that died, or a disk that was full, in the middle of a line: it must not spoil ours too. */
function endsMidLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
