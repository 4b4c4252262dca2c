import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fileId, openDaemonLog } from "../../../helper/daemon/daemon-log.ts";

it("writes one JSON line a record, with its time, and closes whole", async () => {
  const dir = mkdtempSync(join(tmpdir(), "photolala-log-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const { log, close } = openDaemonLog(dir);
  log.info({ photo: fileId("/Users/ada/secret party.jpg") }, "uploaded");
  await close();
  const line = JSON.parse(readFileSync(join(dir, "helper.log"), "utf8")) as { msg: string; photo: string };
  expect(line).toMatchObject({ msg: "uploaded", photo: fileId("/Users/ada/secret party.jpg") });
  expect(line.photo).toMatch(/^[0-9a-f]{12}$/);
});

it("stands the same id for the same path, and another for another", () => {
  expect(fileId("/a.jpg")).toBe(fileId("/a.jpg"));
  expect(fileId("/a.jpg")).not.toBe(fileId("/b.jpg"));
});
