import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Interrupted } from "../../../helper/cli/interrupted.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { readSettings } from "../../../helper/state/files/settings-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";

const bucket = "my-photos";

async function backupBench() {
  const s3 = await startLoopbackS3({
    accessKeyId: "key",
    secretAccessKey: "secret",
    buckets: [bucket, "other-bucket"],
  });
  const opened: string[] = [];
  const bench = await cliBench({
    openStore: async (destination, options) => {
      opened.push(destination.bucket);
      return new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...options });
    },
  });
  onTestFinished(() => s3.close());
  writeFileSync(join(bench.folder, "a.jpg"), "a photo");
  const place = ["--bucket", bucket, "--endpoint", s3.endpoint];
  return { ...bench, s3, opened, place };
}

describe("backup", () => {
  test("uploads, says so, and ends with 0; the second time everything is there", async () => {
    const bench = await backupBench();
    const first = await bench.run("backup", "Pictures", ...bench.place, "--consent");
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toContain(`The one photo is in ${bucket}/photos.`);
    const second = await bench.run("backup", "Pictures", "--json");
    expect(second).toMatchObject({ exitCode: 0, stderr: "" });
    expect(Object.keys(second.json()).sort()).toEqual(
      [
        ...["alreadyBackedUp", "bytesUploaded", "conflicts", "deferred", "duplicates", "elapsedMs", "failed"],
        ...["leftAlone", "requests", "scanned", "unreadableFolders", "uploaded"],
      ].sort(),
    );
    expect(second.json()).toMatchObject({ scanned: 1, alreadyBackedUp: 1, uploaded: 0, requests: 0 });
    expect((await readStatus(bench.paths))?.activity).toBe("stopped");
  });

  test("ends with 1 when a photo failed, and failures says which and why", async () => {
    const bench = await backupBench();
    writeFileSync(join(bench.folder, "empty.jpg"), "");
    const answer = await bench.run("backup", "Pictures", ...bench.place, "--consent");
    expect(answer.exitCode).toBe(1);
    expect(answer.stdout).toContain("1 of 2 photos are in");
    const failures = await bench.run("failures");
    expect(failures).toMatchObject({ exitCode: 0, stderr: "" });
    expect(failures.stdout).toContain(join(bench.folder, "empty.jpg"));
    expect(failures.stdout).toContain("Empty File");
    const retried = await bench.run("failures", "retry", "--anyway", "Pictures/empty.jpg");
    expect(retried.exitCode).toBe(0);
    expect(await bench.run("backup", "Pictures")).toMatchObject({ exitCode: 0 });
    expect((await bench.run("failures", "--json")).json()).toMatchObject({ total: 0, photos: [] });
  });

  test("invariant 2: ends with 4 without consent, and opens nothing", async () => {
    const bench = await backupBench();
    const answer = await bench.run("backup", "Pictures", ...bench.place, "--json");
    expect(answer.exitCode).toBe(4);
    expect(answer.json()).toMatchObject({ error: { code: "no-consent", detail: bucket } });
    expect(bench.opened).toEqual([]);
    expect(bench.s3.requests).toHaveLength(0);
  });

  test("invariant 2: consent to one bucket is none to another", async () => {
    const bench = await backupBench();
    await bench.run("backup", "Pictures", ...bench.place, "--consent");
    expect((await bench.run("backup", "Pictures", "--bucket", "other-bucket")).exitCode).toBe(4);
    expect((await bench.run("backup", "Pictures", "--prefix", "elsewhere")).exitCode).toBe(4);
    expect(bench.opened).toEqual([bucket]);
  });

  test("a consent given on the way leaves the background's destination alone", async () => {
    const bench = await backupBench();
    await bench.run("consent", ...bench.place);
    await bench.run("folders", "add", "Pictures");
    const card = join(bench.cwd, "Card");
    mkdirSync(card);
    expect((await bench.run("backup", "Card", "--bucket", "other-bucket", "--consent")).exitCode).toBe(0);
    const settings = await readSettings(bench.paths);
    expect(settings.destination?.bucket).toBe(bucket);
    expect(settings.earlierConsents?.map(({ destination }) => destination)).toMatchObject([{ bucket: "other-bucket" }]);
    expect((await bench.run("backup", "--json")).json()).toMatchObject({ scanned: 1, uploaded: 1 });
  });

  test("ends with 4 without a bucket, without a folder, and while another helper runs", async () => {
    const bench = await backupBench();
    expect((await bench.run("backup", "Pictures", "--json")).json()).toMatchObject({
      error: { code: "no-destination" },
    });
    const noFolders = await bench.run("backup", ...bench.place, "--consent", "--json");
    expect(noFolders.json()).toMatchObject({ error: { code: "no-folders" } });
    expect(noFolders.exitCode).toBe(4);
    const lock = await acquireLock(bench.paths.helperLock);
    const busy = await bench.run("backup", "Pictures", ...bench.place, "--consent", "--json");
    await lock.release();
    expect(busy).toMatchObject({ exitCode: 4 });
    expect(busy.json()).toMatchObject({ error: { code: "another-helper-runs" } });
  });

  test.each([
    ["credentials-missing", 3],
    ["permission-denied", 3],
    ["bucket-missing", 3],
    ["quota-exceeded", 3],
    ["disk-full", 4],
    ["newer-schema", 4],
  ] as const)("%s ends with %i and words on stderr", async (code, exitCode) => {
    const bench = await backupBench();
    bench.parts.openStore = () => Promise.reject(new BackupError(code));
    const answer = await bench.run("backup", "Pictures", ...bench.place, "--consent");
    expect(answer).toMatchObject({ exitCode, stdout: "" });
    expect(answer.stderr).toContain(new BackupError(code).reason.mend);
  });

  test("a network that is down ends with 3 after its patience", async () => {
    const bench = await backupBench();
    bench.s3.faults.add({ kind: "cut-before-store", times: Infinity });
    const answer = await bench.run("backup", "Pictures", ...bench.place, "--consent", "--patience", "0", "--json");
    expect(answer.exitCode).toBe(3);
    expect(answer.json()).toMatchObject({ error: { code: "network-down" } });
    expect(await readStatus(bench.paths)).toMatchObject({ activity: "stopped", health: { code: "network-down" } });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends with %i, one JSON object, and a lock that is free", async (signal, exitCode) => {
    const bench = await backupBench();
    const interrupting = new AbortController();
    bench.context.interrupted = interrupting.signal;
    void bench.s3.log
      .waitFor(({ operation }) => operation === "ListObjectsV2")
      .then(() => interrupting.abort(new Interrupted(signal)));
    const answer = await bench.run("backup", "Pictures", ...bench.place, "--consent", "--json");
    expect(answer.exitCode).toBe(exitCode);
    expect(answer.json()).toMatchObject({ error: { code: "interrupted" } });
    await (await acquireLock(bench.paths.helperLock)).release();
  });

  test("invariant 11: ends with 1 and says why when the catalogue could not be stored", async () => {
    const bench = await backupBench();
    const match = { keyPattern: /\.photolala\/[0-9a-f]{16}\//, method: "PUT" };
    const fault = bench.s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match, times: Infinity });
    const answer = await bench.run("backup", "Pictures", ...bench.place, "--consent");
    expect(answer.exitCode).toBe(1);
    expect(answer.stdout).toContain("The photos are in the bucket, but the list that tells where each one belongs");
    fault.remove();
    expect(await bench.run("backup", "Pictures")).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("a folder inside a chosen one is backed up under that one's keys", async () => {
    const bench = await backupBench();
    await bench.run("consent", ...bench.place);
    await bench.run("folders", "add", "Pictures");
    mkdirSync(join(bench.folder, "2024"));
    writeFileSync(join(bench.folder, "2024", "b.jpg"), "b");
    expect((await bench.run("backup", "Pictures/2024", "--json")).json()).toMatchObject({ scanned: 1, uploaded: 1 });
    expect(keysOfPhotos(bench)).toEqual(["photos/Pictures/2024/b.jpg"]);
    const around = await bench.run("backup", ".");
    expect(around.exitCode).toBe(2);
    expect(around.stderr).toContain("around");
    expect((await bench.run("status", "--json")).json()).not.toMatchObject({
      status: { lastBackup: expect.any(String) },
    });
  });
});

/** Without what the probe leaves beside them. */
function keysOfPhotos(bench: Awaited<ReturnType<typeof backupBench>>): string[] {
  return bench.s3
    .objects(bucket)
    .map(({ key }) => key)
    .filter((key) => !key.includes("/.photolala/"));
}
