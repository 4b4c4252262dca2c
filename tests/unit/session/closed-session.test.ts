import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { openUploadIntents } from "../../../helper/state/files/open-upload-intents.ts";
import { sessionBench } from "../../support/engine/session-bench.ts";
import { otherDestination, someDestination, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

function intentFor(key: string) {
  const file = { path: `/${key}`, sizeBytes: 9, mtimeMs: 1, ctimeMs: 1, inode: 1 };
  return { key, ...file, sha256: "0".repeat(64), partBytes: 5, begunAt: someTime };
}

test("invariant 6: a change that comes after closing takes no intent away from whoever opened the file since", async () => {
  const paths = await tempState();
  const before = await openUploadIntents(paths, someDestination);
  const saving = before.save(intentFor("a.mov"));
  await before.close();
  await saving;
  const after = await openUploadIntents(paths, otherDestination);
  await after.save(intentFor("b.mov"));
  await expect(before.save(intentFor("late.mov"))).rejects.toThrow("closed");
  await expect(before.remove("a.mov")).rejects.toThrow("closed");
  await expect(before.leave({ key: "a.mov", uploadId: "1" })).rejects.toThrow("closed");
  const { destinations } = JSON.parse(readFileSync(paths.multipart, "utf8")) as { destinations: object };
  expect(Object.values(destinations)).toMatchObject([[{ key: "a.mov" }], [{ key: "b.mov" }]]);
});

test("a session that cannot be opened leaves no file open, however often it is tried", async () => {
  const bench = await sessionBench();
  mkdirSync(bench.paths.multipart);
  const refused = () => expect(bench.open()).rejects.toMatchObject({ code: "state-unwritable" });
  await refused();
  const openFiles = () => readdirSync("/dev/fd").length;
  const before = openFiles();
  for (let time = 0; time < 5; time += 1) await refused();
  expect(openFiles()).toBeLessThan(before + 5);
  rmSync(bench.paths.multipart, { recursive: true });
  const session = await bench.open();
  await session.close();
});
