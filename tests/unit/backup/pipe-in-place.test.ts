import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { candidateOf } from "../../../helper/backup/candidate.ts";
import { nodeFileSystem } from "../../../helper/backup/file-system.ts";
import { readPhoto } from "../../../helper/backup/read-photo.ts";

it("invariant 8: a pipe put in a photo's place after the scan holds nobody up", async () => {
  const dir = mkdtempSync(join(tmpdir(), "photolala-pipe-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "a.jpg");
  writeFileSync(path, "a photo");
  const candidate = candidateOf(path, { path: dir, root: dir, label: "Pictures" }, lstatSync(path));
  rmSync(path);
  execFileSync("mkfifo", [path]);
  const reading = readPhoto(candidate, { fs: nodeFileSystem, anyway: false, allocate: (size) => Buffer.alloc(size) });
  await expect(reading).rejects.toMatchObject({ code: "changed-while-reading" });
});
