import { expect, test, vi } from "vitest";
import { readAskedFor } from "../../../helper/session/asked-for.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { readVerifyAsked } from "../../../helper/session/verify-asked.ts";
import { writeRequest } from "../../../helper/state/files/request-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { isAllBackedUp } from "../../../src/words/all-backed-up.ts";
import { someStatus } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

test("a one-off backup meets the requests about its own folder, and leaves the others for the run that scans them", async () => {
  const paths = await tempState();
  await writeRequest(paths, { kind: "retry", paths: ["/card/a.jpg"] });
  await writeRequest(paths, { kind: "retry", paths: ["/home/b.jpg"] });
  await writeRequest(paths, { kind: "retry", paths: ["/card/c.jpg", "/home/d.jpg"] });
  await writeRequest(paths, { kind: "retry-all" });
  await (await readAskedFor(paths)).done(["/card"]);
  const left = await readAskedFor(paths);
  expect(left.retryAll).toBe(true);
  expect([...left.retryPaths].sort()).toEqual(["/card/c.jpg", "/home/b.jpg", "/home/d.jpg"]);
});

test("a wish to verify is no wish for a run, and no run removes it", async () => {
  const paths = await tempState();
  await writeRequest(paths, { kind: "verify", paths: ["/card/a.jpg"] });
  const asked = await readAskedFor(paths);
  expect(asked).toMatchObject({ now: false, id: "[]" });
  expect(asked.retryPaths.size).toBe(0);
  await asked.done();
  const wish = await readVerifyAsked(paths);
  expect([...(wish?.paths ?? [])]).toEqual(["/card/a.jpg"]);
  await wish?.done();
  expect(await readVerifyAsked(paths)).toBeUndefined();
});

test("a clock that is set back silences the status for a second at the most", async () => {
  const paths = await tempState();
  let now = Date.parse("2026-11-22T12:00:00Z");
  const publisher = new StatusPublisher({
    paths,
    identity: { mode: "daemon", helperVersion: "1", pid: process.pid, processStartTime: "then", startedAt: now },
    published: { activity: "idle", requestCount: () => 0, failures: () => [] },
    now: () => now,
  });
  await publisher.flush();
  now -= 3_600_000;
  publisher.published.activity = "paused";
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  publisher.changed();
  vi.advanceTimersByTime(1_000);
  vi.useRealTimers();
  await vi.waitFor(async () => expect((await readStatus(paths))?.activity).toBe("paused"));
  await publisher.stop();
});

test("invariant 1: a last backup later than the helper's last word proves nothing", () => {
  const counts = { ...someStatus().counts, onDisk: 1, backedUp: 1 };
  const of = (lastBackup: string) =>
    isAllBackedUp(someStatus({ counts, lastBackup, heartbeatAt: "2026-11-22T12:00:00.000Z" }));
  expect(of("2026-11-22T11:59:00.000Z")).toBe(true);
  expect(of("2027-11-22T12:00:00.000Z")).toBe(false);
});
