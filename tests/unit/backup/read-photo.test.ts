import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, lstatSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { candidateOf, type Candidate } from "../../../helper/backup/candidate.ts";
import { nodeFileSystem, type FileSystem } from "../../../helper/backup/file-system.ts";
import { hashPhoto, readPhoto } from "../../../helper/backup/read-photo.ts";
import { faultyFileSystem, systemError, type DiskHooks } from "../../support/engine/faulty-file-system.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";

const mebibyte = 1024 * 1024;

function photo(sizeBytes: number): { candidate: Candidate; bytes: Buffer } {
  const dir = mkdtempSync(join(tmpdir(), "photolala-read-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "a.jpg");
  const bytes = Buffer.alloc(sizeBytes, "every byte counts");
  if (sizeBytes > 0) bytes[sizeBytes - 1] = 1;
  writeFileSync(path, bytes);
  const folder = { path: dir, root: dir, label: "Pictures", keepsIdentity: true };
  return { candidate: candidateOf(path, folder, lstatSync(path)), bytes };
}

/** A disk that gives less than it is asked for, and that knows how many files are open. */
function countingDisk(disk: FileSystem, mostBytes = Infinity) {
  const seen = { open: 0 };
  const fs: FileSystem = {
    ...disk,
    open: async (...given) => {
      const file = await disk.open(...given);
      seen.open += 1;
      return {
        fd: file.fd,
        read: (buffer, offset, lengthBytes, position) =>
          file.read(buffer, offset, Math.min(lengthBytes, mostBytes), position),
        close: async () => {
          seen.open -= 1;
          await file.close();
        },
      };
    },
  };
  return { fs, seen };
}

const allocate = (sizeBytes: number) => Buffer.alloc(sizeBytes + 1, "?").subarray(0, sizeBytes);

test.each([1, 256 * 1024, 256 * 1024 + 1, mebibyte - 1, mebibyte, mebibyte + 1, 16 * mebibyte, 16 * mebibyte + 1])(
  "invariant 1: the hash of %i bytes is theirs, however few of them a read returns",
  async (sizeBytes) => {
    const { candidate, bytes } = photo(sizeBytes);
    for (const mostBytes of [Infinity, 100_003]) {
      const { fs, seen } = countingDisk(nodeFileSystem, mostBytes);
      const read = await readPhoto(candidate, { fs, anyway: true, allocate });
      expect(read.sha256Hex).toBe(sha256Of(bytes));
      expect(await read.md5Hex()).toBe(createHash("md5").update(bytes).digest("hex"));
      expect(await hashPhoto(candidate, fs, "sha256")).toBe(sha256Of(bytes));
      if (read.body instanceof Uint8Array) expect(bytes.equals(read.body)).toBe(true);
      expect(seen.open).toBe(0);
    }
  },
);

test("an empty photo that is wanted anyway is empty", async () => {
  const { candidate } = photo(0);
  const read = await readPhoto(candidate, { fs: nodeFileSystem, anyway: true, allocate });
  expect(read).toMatchObject({ sizeBytes: 0, sha256Hex: sha256Of(""), body: Buffer.alloc(0) });
});

interface Trouble {
  before?(path: string): void;
  /** Before each read of the open file. */
  amid?(path: string, readsBefore: number): void;
  code: string;
}

const changed = "changed-while-reading";

const fail = (): never => {
  throw systemError("EIO");
};

const troubles: Record<string, Trouble> = {
  "is a pipe by now": { before: (path) => (rmSync(path), void execFileSync("mkfifo", [path])), code: changed },
  "is a folder by now": { before: (path) => (rmSync(path), void mkdirSync(path)), code: changed },
  "is gone": { before: (path) => rmSync(path), code: "vanished" },
  "is deleted while it is read": { amid: (path) => rmSync(path, { force: true }), code: "vanished" },
  "shrinks while it is read": { amid: (path) => truncateSync(path, 5), code: changed },
  "grows while it is read": { amid: (path) => appendFileSync(path, "more"), code: changed },
  "is written to in place": { amid: (path) => writeFileSync(path, "y", { flag: "r+" }), code: changed },
  "cannot be read": { amid: fail, code: "read-error" },
  "cannot be read to its end": { amid: (_, reads) => void (reads === 2 && fail()), code: "read-error" },
};

test.each(
  Object.entries(troubles).flatMap(([what, trouble]) =>
    [1_000, 3 * mebibyte, 19 * mebibyte].map((sizeBytes) => [what, sizeBytes, trouble] as const),
  ),
)("invariant 1: a photo that %s, of %i bytes, is not taken, and nothing stays open", async (_, sizeBytes, trouble) => {
  const { candidate } = photo(sizeBytes);
  const hooks: DiskHooks = trouble.amid ? { read: trouble.amid } : {};
  // Three reads at least, whatever its size.
  const { fs, seen } = countingDisk(faultyFileSystem(hooks), sizeBytes === 1_000 ? 400 : mebibyte);
  trouble.before?.(candidate.path);
  await expect(readPhoto(candidate, { fs, anyway: true, allocate })).rejects.toMatchObject({ code: trouble.code });
  expect(seen.open).toBe(0);
});

test("invariant 8: a photo that iCloud took off the disk since the scan is not read: its download would hold everything up", async () => {
  const { candidate } = photo(0);
  truncateSync(candidate.path, 1_000);
  const hollow = candidateOf(candidate.path, candidate.folder, lstatSync(candidate.path));
  const { platform } = process;
  onTestFinished(() => void Object.defineProperty(process, "platform", { value: platform }));
  Object.defineProperty(process, "platform", { value: "darwin" });
  const fs = faultyFileSystem({ read: () => expect.fail("it was read") });
  await expect(readPhoto(hollow, { fs, anyway: true, allocate })).rejects.toMatchObject({ code: "in-icloud" });
  await expect(hashPhoto(hollow, fs, "sha256")).rejects.toMatchObject({ code: "in-icloud" });
});
