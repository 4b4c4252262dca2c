import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { destinationId } from "../../helper/state/files/destination-id.ts";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import { readStatus } from "../../helper/state/files/status-store.ts";
import { readVerification } from "../../helper/state/files/verification-store.ts";
import { daemonBench } from "../support/engine/daemon-bench.ts";

const yearMs = 365 * 24 * 3_600_000;

async function benchWithPhotos(count = 3) {
  const bench = await daemonBench();
  for (let photo = 0; photo < count; photo += 1) writeFileSync(join(bench.photos, `${photo}.jpg`), `photo ${photo}`);
  await bench.agree("first");
  await bench.choose();
  const backedUp = () => bench.statusThat(({ counts, activity }) => counts.backedUp === count && activity === "idle");
  return { ...bench, backedUp };
}

it("wishes that nobody can read, thousands of them, hold up neither the backup nor the wishes beside them", async () => {
  const { paths, start, backedUp } = await benchWithPhotos();
  mkdirSync(join(paths.requestsDir, "a folder.json"));
  for (let wish = 0; wish < 2_000; wish += 1) {
    writeFileSync(join(paths.requestsDir, `${wish}.json`), wish % 2 === 0 ? "{" : '{"version":1,"kind":"fly"}');
  }
  const daemon = await start();
  await backedUp();
  await writeRequest(paths, { kind: "back-up-now" });
  await vi.waitFor(() => expect(daemon.times("a backup ended")).toBe(2), 20_000);
  expect(readdirSync(paths.requestsDir).filter((name) => name.endsWith(".json"))).toEqual(["a folder.json"]);
  expect(readdirSync(paths.requestsDir).filter((name) => name.includes(".corrupt-"))).toHaveLength(2_000);
  await daemon.end();
}, 60_000);

it("thousands of wishes are met by a run or two", async () => {
  const { paths, photos, start, backedUp } = await benchWithPhotos();
  const daemon = await start();
  await backedUp();
  const wish = { version: 1, createdAt: new Date().toISOString(), kind: "retry" };
  for (let number = 0; number < 2_000; number += 1) {
    const content = JSON.stringify({ ...wish, paths: [join(photos, `${number % 5}.jpg`)] });
    writeFileSync(join(paths.requestsDir, `${number}.json`), content);
  }
  await vi.waitFor(() => expect(readdirSync(paths.requestsDir)).toEqual([]), 40_000);
  expect(daemon.times("a backup ended") + daemon.times("a wish stops the run")).toBeLessThan(12);
  await daemon.end();
}, 90_000);

it("a clock that jumps a year ahead and back starts no storm, verifies once a jump, and shows no time that lies ahead", async () => {
  const { paths, s3, start, statusThat, backedUp } = await benchWithPhotos();
  let jumpMs = 0;
  const daemon = await start({ now: () => Date.now() + jumpMs });
  await backedUp();
  const { destination } = await readSettings(paths);
  const provedAt = async () => Date.parse((await readVerification(paths, destination!))?.presence?.at ?? "");
  /** A wish wakes the daemon, which looks around by itself only after a while. */
  const jump = async (byMs: number) => {
    jumpMs += byMs;
    const [runs, proofs] = [daemon.times("a backup ended"), daemon.times("a verification ended")];
    await writeRequest(paths, { kind: "back-up-now" });
    await vi.waitFor(() => expect(daemon.times("a backup ended")).toBeGreaterThan(runs), 20_000);
    await vi.waitFor(() => expect(daemon.times("a verification ended")).toBe(proofs + 1), 20_000);
    expect(Math.abs((await provedAt()) - Date.now() - jumpMs)).toBeLessThan(60_000);
  };
  await jump(yearMs);
  await jump(-yearMs);
  await jump(-yearMs);
  await statusThat(({ activity }) => activity === "idle");
  expect(daemon.times("a backup ended")).toBeLessThan(10);
  expect(
    s3.requests.filter(({ operation }) => operation === "PutObject").length,
    "photos, catalogue, probe",
  ).toBeLessThan(10);
  const { heartbeatAt, lastScan = "", lastBackup = "", lastUpload } = (await readStatus(paths))!;
  expect(lastScan <= heartbeatAt && lastBackup <= heartbeatAt).toBe(true);
  expect(lastUpload === undefined || lastUpload <= heartbeatAt).toBe(true);
  await daemon.end();
}, 90_000);

it("a state folder that is removed under it ends the helper, so that the next start has a lock again", async () => {
  const { paths, s3, photos, ending, start, backedUp, agree, choose } = await benchWithPhotos();
  const daemon = await start();
  await backedUp();
  rmSync(paths.stateDir, { recursive: true, force: true });
  writeFileSync(join(photos, "new.jpg"), "a new photo");
  await expect(daemon.ended).rejects.toMatchObject({ code: "state-unwritable", detail: "helper.lock is gone" });
  expect(ending.signal.aborted).toBe(false);
  expect(existsSync(paths.helperLock)).toBe(false);

  await agree("first");
  await choose();
  const again = await start();
  await vi.waitFor(() => expect(again.times("a backup ended")).toBe(1), 20_000);
  const files = () => (JSON.parse(readFileSync(paths.ledger, "utf8")) as { files: object }).files;
  await again.end();
  expect(Object.keys(files())).toHaveLength(4);
  expect(s3.objects("first").filter(({ key }) => key.endsWith(".jpg"))).toHaveLength(4);
}, 60_000);

it("folders in place of what only spares work stop no backup, and the log says so", async () => {
  const { paths, s3, start, backedUp } = await benchWithPhotos();
  const { destination } = await readSettings(paths);
  const name = `${destinationId(destination!)}.json`;
  for (const folder of [paths.capabilitiesDir, join(paths.stateDir, "verification")]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const daemon = await start();
  await backedUp();
  expect(daemon.times("what the bucket can do cannot be read; it is asked anew")).toBe(1);
  s3.deleteObjectDirectly("first", "photos/Pictures/0.jpg");
  await writeRequest(paths, { kind: "verify" });
  await vi.waitFor(() => expect(daemon.times("a verification could not be noted")).toBe(1), 20_000);
  await vi.waitFor(() => expect(daemon.times("a backup ended")).toBe(2), 20_000);
  expect(s3.object("first", "photos/Pictures/0.jpg")).toBeDefined();
  await daemon.end();
}, 60_000);

it("something else in place of the folder of wishes holds the backup with words, and the helper stays up", async () => {
  const { paths, start, statusThat, backedUp } = await benchWithPhotos();
  const daemon = await start();
  await backedUp();
  rmSync(paths.requestsDir, { recursive: true });
  writeFileSync(paths.requestsDir, "no folder");
  await statusThat(({ health }) => health.code === "state-unwritable");
  expect(daemon.logged.filter(({ reason }) => reason)).toMatchObject([{ reason: "state-unwritable" }]);
  rmSync(paths.requestsDir);
  await writeRequest(paths, { kind: "back-up-now" });
  await statusThat(({ health, activity }) => health.code === "ok" && activity === "idle");
  await daemon.end();
}, 60_000);
