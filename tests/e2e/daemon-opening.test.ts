import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { BackupSession } from "../../helper/session/backup-session.ts";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import { updateSettings } from "../../helper/state/files/settings-store.ts";
import { daemonBench } from "../support/engine/daemon-bench.ts";

/** A daemon whose ledger takes its time to open, with ten photos to back up, and a wish that comes meanwhile. */
async function wishWhileOpening(wish: (bench: Awaited<ReturnType<typeof daemonBench>>) => Promise<unknown>) {
  const bench = await daemonBench();
  for (let photo = 0; photo < 10; photo += 1) writeFileSync(join(bench.photos, `${photo}.jpg`), `photo ${photo}`);
  await bench.agree("first");
  await bench.choose();
  const isOpening = Promise.withResolvers<void>();
  const mayOpen = Promise.withResolvers<void>();
  const daemon = await bench.start({
    openSession: async (options) => {
      isOpening.resolve();
      await mayOpen.promise;
      return BackupSession.open(options);
    },
  });
  await isOpening.promise;
  await wish(bench);
  return { bench, daemon, open: () => mayOpen.resolve() };
}

it("a pause that comes while the ledger opens stops the run before any request", async () => {
  const { bench, daemon, open } = await wishWhileOpening(({ paths }) =>
    updateSettings(paths, (settings) => ({ ...settings, paused: true })),
  );
  await vi.waitFor(() => expect(daemon.times("a wish stops the run")).toBe(1), 20_000);
  open();
  await bench.statusThat(({ activity }) => activity === "paused");
  expect(bench.s3.requests).toHaveLength(0);
  await daemon.end();
}, 60_000);

it("another destination that comes while the ledger opens keeps every photo from the first", async () => {
  const { bench, daemon, open } = await wishWhileOpening(({ agree }) => agree("second"));
  await vi.waitFor(() => expect(daemon.times("a wish stops the run")).toBe(1), 20_000);
  open();
  await bench.statusThat(({ counts, destination }) => counts.backedUp === 10 && destination?.bucket === "second");
  expect(bench.s3.objects("first")).toEqual([]);
  await daemon.end();
}, 60_000);

it("a retry that comes while the ledger opens is met, and so is a wish to back up now", async () => {
  const { bench, daemon, open } = await wishWhileOpening(async ({ paths }) => {
    await writeRequest(paths, { kind: "back-up-now" });
    await writeRequest(paths, { kind: "retry-all" });
  });
  await vi.waitFor(() => expect(daemon.times("a wish stops the run")).toBe(1), 20_000);
  open();
  await vi.waitFor(() => expect(daemon.times("a backup ended")).toBe(1), 20_000);
  await bench.statusThat(({ counts, activity }) => counts.backedUp === 10 && activity === "idle");
  expect(daemon.times("a backup ended"), "one run meets both").toBe(1);
  await daemon.end();
}, 60_000);
