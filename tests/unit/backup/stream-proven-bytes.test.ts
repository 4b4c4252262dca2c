import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { candidateOf } from "../../../helper/backup/candidate.ts";
import { nodeFileSystem, type FileSystem } from "../../../helper/backup/file-system.ts";
import { streamProvenBytes } from "../../../helper/backup/stream-proven-bytes.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { faultyFileSystem, systemError } from "../../support/engine/faulty-file-system.ts";

const content = Buffer.alloc(3 * 1024 * 1024 + 17, "many bytes ");

function bigFile() {
  const folder = mkdtempSync(join(tmpdir(), "photolala-stream-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "a.mov");
  writeFileSync(path, content);
  return { path, candidate: candidateOf(path, { path: folder, root: folder, label: "x" }, statSync(path)) };
}

/** Everything the stream gives out, up to its end or its error. */
async function drain(candidate: ReturnType<typeof bigFile>["candidate"], fs: FileSystem = nodeFileSystem) {
  const given: Buffer[] = [];
  let error: unknown;
  try {
    for await (const piece of streamProvenBytes(candidate, sha256Of(content), fs)) given.push(piece as Buffer);
  } catch (thrown) {
    error = thrown;
  }
  return { bytes: Buffer.concat(given), error };
}

test("gives out the whole file, to every attempt anew", async () => {
  const { candidate } = bigFile();
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const { bytes, error } = await drain(candidate);
    expect(error).toBeUndefined();
    expect(bytes.equals(content)).toBe(true);
  }
});

test("invariant 1: never gives out a whole body of other bytes than were hashed, of the same size", async () => {
  const { path, candidate } = bigFile();
  const other = Buffer.from(content);
  other[0] = 0;
  writeFileSync(path, other);
  const { bytes, error } = await drain(candidate);
  expect(error).toMatchObject({ code: "changed-while-reading" });
  expect(bytes.length).toBeLessThan(content.length);
});

test("a file that ended early, vanished or cannot be read says which, as the disk's trouble and not the network's", async () => {
  const { path, candidate } = bigFile();
  const failing = (code: string) =>
    faultyFileSystem({
      read: () => {
        throw systemError(code, -5);
      },
    });
  expect((await drain(candidate, failing("EIO"))).error).toMatchObject({ code: "read-error" });
  expect((await drain(candidate, failing("ETIMEDOUT"))).error).toMatchObject({ code: "in-icloud" });
  writeFileSync(path, "short");
  expect((await drain(candidate)).error).toMatchObject({ code: "changed-while-reading" });
  rmSync(path);
  expect((await drain(candidate)).error).toMatchObject({ code: "vanished" });
});
