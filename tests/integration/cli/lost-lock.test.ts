import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";

const bucket = "my-photos";

/** A backup in whose middle, right before its first request, something happens to helper.lock. */
async function backUpWhile(happen: (lock: string) => void) {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  onTestFinished(() => s3.close());
  const bench = await cliBench({
    openStore: async (destination, options) => {
      happen(bench.paths.helperLock);
      return new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...options });
    },
  });
  writeFileSync(join(bench.folder, "a.jpg"), "a photo");
  const place = ["--bucket", bucket, "--endpoint", s3.endpoint];
  return { bench, answer: await bench.run("backup", "Pictures", ...place, "--consent", "--json") };
}

test("invariant 1: a run whose helper.lock another helper took records nothing and leaves that lock alone", async () => {
  const theirs = JSON.stringify({ pid: 1, processStartTime: "of another", token: "f".repeat(32) });
  const { bench, answer } = await backUpWhile((lock) => {
    rmSync(lock);
    writeFileSync(lock, theirs);
  });
  expect(answer).toMatchObject({ exitCode: 4 });
  expect(answer.json()).toMatchObject({ error: { code: "another-helper-runs" } });
  expect(readFileSync(bench.paths.helperLock, "utf8")).toBe(theirs);
  const ledger = join(bench.paths.stateDir, "backup-state.json");
  expect(existsSync(ledger) ? readFileSync(ledger, "utf8") : "").not.toContain("a.jpg");
});

test("a run whose helper.lock is gone does not say that another helper runs", async () => {
  const { answer } = await backUpWhile((lock) => rmSync(lock));
  expect(answer).toMatchObject({ exitCode: 4 });
  expect(answer.json()).toMatchObject({ error: { code: "state-unwritable", detail: "helper.lock is gone" } });
});
