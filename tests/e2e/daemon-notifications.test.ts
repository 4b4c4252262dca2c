import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createNotifier } from "../../helper/notify/notify.ts";
import { ensureStateDirs } from "../../helper/state/files/ensure-state-dirs.ts";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import { daemonBench } from "../support/engine/daemon-bench.ts";
import { installFakeMacos, type FakeMacos } from "../support/fake-macos/install-fake-macos.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";

const photosMade = 25;
let mac: FakeMacos;

beforeEach(() => {
  mac = installFakeMacos();
});
afterEach(() => mac.close());

async function benchWithPhotos(sizeBytes = 200) {
  const bench = await daemonBench();
  for (let photo = 0; photo < photosMade; photo += 1) {
    writeFileSync(join(bench.photos, `${photo}.jpg`), `photo ${photo} `.repeat(sizeBytes / 8));
  }
  await bench.agree("first");
  await bench.choose();
  const startTold = () =>
    bench.start({
      notifier: createNotifier({
        env: mac.env,
        platform: "linux",
        memoryPath: `${bench.paths.stateDir}/notified.json`,
      }),
    });
  return { ...bench, startTold };
}

const refusal = (status: number, code: string) => (s3: LoopbackS3) =>
  void s3.faults.add({
    kind: "status",
    status,
    code,
    match: { operation: "PutObject", keyPattern: ".jpg" },
    times: 1_000,
  });

const causes: [string, (s3: LoopbackS3) => void, string][] = [
  ["a key that is refused", (s3) => s3.accessKeys.splice(0), "credentials-refused"],
  ["a permission that is missing", refusal(403, "AccessDenied"), "permission-denied"],
  ["a full storage", refusal(403, "QuotaExceeded"), "quota-exceeded"],
  ["a wrong clock", refusal(403, "RequestTimeTooSkewed"), "clock-wrong"],
  ["a wrong region", refusal(400, "AuthorizationHeaderMalformed"), "wrong-region"],
];

it.each(causes)(
  "%s is told in one notification for all photos, and not again when it is met again",
  async (_, spoil, code) => {
    const { s3, paths, statusThat, startTold } = await benchWithPhotos();
    spoil(s3);
    const daemon = await startTold();
    await statusThat(({ health }) => health.code === code);
    const held = () => daemon.times("the backup is held");
    for (let times = held(); times < 3; times = held()) {
      await writeRequest(paths, { kind: "back-up-now" });
      await vi.waitFor(() => expect(held()).toBeGreaterThan(times), 20_000);
    }
    expect(mac.notifications()).toEqual([
      { title: expect.stringMatching(/^Backup stopped: /), body: expect.any(String) },
    ]);
    await daemon.end();
  },
  120_000,
);

it("photos that fail each for itself are told in one notification", async () => {
  const { photos, paths, statusThat, startTold } = await benchWithPhotos();
  for (const name of readdirSync(photos)) writeFileSync(join(photos, name), "");
  const daemon = await startTold();
  await statusThat(({ counts, activity }) => counts.failed === photosMade && activity === "idle");
  await writeRequest(paths, { kind: "retry-all" });
  await vi.waitFor(() => expect(daemon.times("a backup ended")).toBe(2), 20_000);
  expect(mac.notifications()).toMatchObject([{ title: `${photosMade} photos are not backed up` }]);
  await daemon.end();
}, 120_000);

/** Only root on Linux can mount a disk that is full soon. */
if (process.platform === "linux" && process.getuid?.() === 0) {
  it("a full disk here is told in one notification, and the backup goes on once there is room", async () => {
    const { s3, paths, agree, choose, statusThat, startTold } = await benchWithPhotos();
    rmSync(paths.stateDir, { recursive: true });
    mkdirSync(paths.stateDir);
    mount(paths.stateDir, "size=128k");
    onTestFinished(() => void execFileSync("umount", [paths.stateDir]));
    await ensureStateDirs(paths);
    await agree("first");
    await choose();
    const match = { operation: "PutObject" as const, keyPattern: ".jpg", nth: 3 };
    const third = s3.faults.add({ kind: "slow", bytesPerSecond: 400, match });
    const daemon = await startTold();
    const filler = join(paths.stateDir, "filler");
    await third.whenFired;
    fill(filler);
    await vi.waitFor(() => expect(daemon.times("the backup is held")).toBe(1), 20_000);
    expect(daemon.logged.find(({ reason }) => reason)).toMatchObject({ reason: "disk-full" });
    rmSync(filler);
    await writeRequest(paths, { kind: "back-up-now" });
    await statusThat(({ counts, health }) => counts.backedUp === photosMade && health.code === "ok");
    expect(mac.notifications()).toMatchObject([{ title: "Backup stopped: Disk Full" }]);
    await daemon.end();
  }, 120_000);
}

function mount(dir: string, options: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir]);
}

function fill(path: string): void {
  for (let bytes = 128 * 1024; bytes >= 1; bytes /= 2) {
    try {
      writeFileSync(path, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // Half as much may still fit.
    }
  }
}
