import { expect, test } from "vitest";
import { isStillHeldBack, photoFailure } from "../../../helper/backup/photo-failure.ts";
import type { Candidate } from "../../../helper/backup/candidate.ts";
import { asksMore, readAskedFor } from "../../../helper/session/asked-for.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { TransferSpeed } from "../../../helper/session/transfer-speed.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { writeRequest } from "../../../helper/state/files/request-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { someDestination, someEntry } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const yearMs = 365 * 24 * 3_600_000;

test("no time that lies ahead is shown: nobody knows when it was", async () => {
  const paths = await tempState();
  const [past, ahead] = [new Date(now - 60_000).toISOString(), new Date(now + yearMs).toISOString()];
  const publisher = new StatusPublisher({
    paths,
    identity: { mode: "daemon", helperVersion: "1", pid: process.pid, processStartTime: "then", startedAt: now },
    published: { activity: "idle", requestCount: () => 0, failures: () => [] },
    now: () => now,
  });
  Object.assign(publisher.published, { lastBackup: ahead, lastScan: ahead, lastUpload: ahead });
  publisher.published.stoppedBy = { error: new BackupError("quota-exceeded"), since: now + yearMs };
  await publisher.flush();
  const shown = await readStatus(paths);
  expect([shown?.lastBackup, shown?.lastScan, shown?.lastUpload]).toEqual([undefined, undefined, undefined]);
  expect(shown?.health.since).toBe(new Date(now).toISOString());
  Object.assign(publisher.published, { lastBackup: past, lastScan: past, lastUpload: past });
  await publisher.flush();
  expect(await readStatus(paths)).toMatchObject({ lastBackup: past, lastScan: past, lastUpload: past });
  await publisher.stop();
});

test("a retry that a clock planned which was a year ahead is due at once", () => {
  const candidate = {
    ...{ path: "/a.jpg", sizeBytes: 1, mtimeMs: 1, ctimeMs: 1, isInICloud: false },
    folder: { keepsIdentity: true },
  } as unknown as Candidate;
  const failed = (at: number, code: "timeout" | "empty-file") =>
    photoFailure({ error: new BackupError(code), earlier: undefined, candidate, now: at });
  expect(isStillHeldBack(failed(now, "timeout"), candidate, now)).toBe(true);
  expect(isStillHeldBack(failed(now + yearMs, "timeout"), candidate, now)).toBe(false);
  expect(isStillHeldBack(failed(now + yearMs, "empty-file"), candidate, now), "only a change mends it").toBe(true);
});

test("a fold is not put off for the length of the jump", async () => {
  let at = now;
  const ledger = await openLedger(await tempState(), someDestination, { now: () => at });
  ledger.put("/a.jpg", someEntry(1));
  expect(ledger.shouldFold()).toBe(false);
  at -= yearMs;
  expect(ledger.shouldFold()).toBe(true);
  await ledger.fold();
  ledger.put("/b.jpg", someEntry(2));
  expect(ledger.shouldFold(), "and none follows the other").toBe(false);
  await ledger.close();
});

test("speed is measured anew, and no sample is kept for the length of the jump", () => {
  const speed = new TransferSpeed();
  speed.add(now, 0);
  speed.add(now + 10_000, 10_000_000);
  speed.add(now - yearMs, 11_000_000);
  expect(speed.bytesPerSecond()).toBe(0);
  speed.add(now - yearMs + 1_000, 11_500_000);
  expect(speed.bytesPerSecond()).toBe(500_000);
});

test("a run is stopped only by wishes that it does not meet already", async () => {
  const paths = await tempState();
  const none = await readAskedFor(paths);
  await writeRequest(paths, { kind: "retry", paths: ["/a.jpg"] });
  const one = await readAskedFor(paths);
  expect([asksMore(one, none), asksMore(one, one), asksMore(none, one)]).toEqual([true, false, false]);
  await writeRequest(paths, { kind: "back-up-anyway", paths: ["/a.jpg"] });
  const two = await readAskedFor(paths);
  expect([asksMore(two, one), asksMore(two, two)]).toEqual([true, false]);
  await writeRequest(paths, { kind: "retry-all" });
  const all = await readAskedFor(paths);
  expect([asksMore(all, two), asksMore(two, all), asksMore(all, all)]).toEqual([true, false, false]);
  await writeRequest(paths, { kind: "back-up-now" });
  expect(asksMore(await readAskedFor(paths), all)).toBe(false);
});
