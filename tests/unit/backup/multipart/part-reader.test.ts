import { lstatSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { candidateOf } from "../../../../helper/backup/candidate.ts";
import { nodeFileSystem } from "../../../../helper/backup/file-system.ts";
import { PartReader } from "../../../../helper/backup/multipart/part-reader.ts";
import { planParts } from "../../../../helper/backup/multipart/plan-parts.ts";
import { sha256Of } from "../../../support/engine/engine-bench.ts";

const content = Buffer.from("the bytes of a movie, in three parts");

async function readerOf(sha256Hex: string) {
  const root = mkdtempSync(join(tmpdir(), "photolala-parts-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = join(root, "movie.mov");
  writeFileSync(path, content);
  const candidate = candidateOf(path, { path: root, root, label: "Movies" }, lstatSync(path));
  const reader = await PartReader.open(candidate, sha256Hex, nodeFileSystem);
  onTestFinished(() => reader.close());
  return reader;
}

const plan = planParts(content.length, 15);

test("parts are the file's bytes in order, each with its own hash", async () => {
  const reader = await readerOf(sha256Of(content));
  const read = [];
  for (const part of plan) read.push(await reader.read(part));
  expect(Buffer.concat(read.map(({ body }) => body as Uint8Array))).toEqual(content);
  expect(read.map(({ sha256Hex }) => sha256Hex)).toEqual(read.map(({ body }) => sha256Of(body as Buffer)));
});

test("invariant 1: the last part is not given out where the whole is not what was hashed before", async () => {
  const reader = await readerOf(sha256Of(Buffer.from("what it was when it was hashed")));
  for (const part of plan.slice(0, -1)) await reader.read(part);
  await expect(reader.read(plan.at(-1)!)).rejects.toMatchObject({ code: "changed-while-reading" });
});
