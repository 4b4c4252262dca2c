import { basename } from "node:path";
import type { ZodType } from "zod";
import { BackupError } from "../errors/backup-error.ts";
import { systemErrorCode, translateStateError } from "../errors/translate-state-error.ts";
import { openOwnFile } from "./open-own-file.ts";
import { setAside } from "./set-aside.ts";

type Migration = (old: unknown) => unknown;

interface ReadStateFileOptions {
  /** The version this program writes. */
  version: number;
  /** `migrations[n]` turns what version n wrote into what version n + 1 writes. */
  migrations?: Record<number, Migration>;
  now?: () => number;
}

type Absent = { kind: "absent" };
type Read<T> = { kind: "read"; value: T };
type SetAside = { kind: "set-aside"; setAsidePath: string };
type Unreadable = { kind: "unreadable" };

/**
 * Reads one of our JSON files. A file from a newer version of us throws "newer-schema" and is never touched. One that is
 * not JSON or does not fit the schema is renamed to `<path>.corrupt-<time>`; with `setAside: false`, for readers that do
 * not hold the file's lock, it stays and is reported as "unreadable".
 */
export function readStateFile<T>(
  path: string,
  schema: ZodType<T>,
  options: ReadStateFileOptions & { setAside: false },
): Promise<Absent | Read<T> | Unreadable>;
export function readStateFile<T>(
  path: string,
  schema: ZodType<T>,
  options: ReadStateFileOptions & { setAside?: true },
): Promise<Absent | Read<T> | SetAside>;
export async function readStateFile<T>(
  path: string,
  schema: ZodType<T>,
  options: ReadStateFileOptions & { setAside?: boolean },
): Promise<Absent | Read<T> | SetAside | Unreadable> {
  const bytes = await readBytes(path);
  if (bytes === undefined) return { kind: "absent" };

  const content = parseJson(bytes);
  const version = versionOf(content);
  if (version !== undefined && version > options.version) {
    throw new BackupError("newer-schema", { detail: basename(path) });
  }
  const result = schema.safeParse(migrate(content, version, options));
  if (result.success) return { kind: "read", value: result.data };
  if (options.setAside === false) return { kind: "unreadable" };
  return { kind: "set-aside", setAsidePath: await setAside(path, options.now) };
}

/** None of ours comes near it; to read something larger would take all memory there is. */
const sizeBytesMost = 64 * 1024 * 1024;

/** Of a file that is too large to be one of ours, nothing: no bytes are no JSON. */
async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await openOwnFile(path);
    try {
      return (await file.stat()).size > sizeBytesMost ? new Uint8Array() : await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw translateStateError(error, path);
  }
}

/** Undefined for what is not JSON. Bytes that are not UTF-8 are damage too, not a reason to put U+FFFD into a path. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function versionOf(content: unknown): number | undefined {
  if (typeof content !== "object" || content === null || !("version" in content)) return undefined;
  return typeof content.version === "number" ? content.version : undefined;
}

/** Undefined when there is no way from that version to ours, or a migration could not make sense of the content. */
function migrate(content: unknown, version: number | undefined, options: ReadStateFileOptions): unknown {
  if (version === undefined || !Number.isInteger(version)) return undefined;
  let migrated = content;
  for (let from = version; from < options.version; from++) {
    const migration = options.migrations?.[from];
    if (!migration) return undefined;
    try {
      migrated = migration(migrated);
    } catch {
      return undefined;
    }
  }
  return migrated;
}
