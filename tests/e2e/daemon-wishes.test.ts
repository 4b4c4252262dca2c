import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fileId } from "../../helper/daemon/daemon-log.ts";
import { runDaemon } from "../../helper/daemon/run-daemon.ts";
import { daemonBench } from "../support/engine/daemon-bench.ts";

it("a pause that comes between reading the settings and opening the ledger is met before any request", async () => {
  const { context, photos, s3, paths, ending, agree, choose, statusThat } = await daemonBench();
  for (let photo = 0; photo < 20; photo += 1) writeFileSync(join(photos, `${photo}.jpg`), `photo ${photo}`);
  await agree("first");
  await choose();
  let isPaused = false;
  const now = () => {
    // The last moment before a run is begun: the settings of this turn were read, and say nothing of a pause.
    if (!isPaused && new Error().stack?.includes("#backUp")) {
      isPaused = true;
      const settings = JSON.parse(readFileSync(paths.settings, "utf8")) as object;
      writeFileSync(paths.settings, JSON.stringify({ ...settings, paused: true }));
    }
    return Date.now();
  };
  const daemon = runDaemon({ ...context, now });
  await statusThat(({ activity }) => activity === "paused");
  expect(isPaused).toBe(true);
  expect(s3.requests).toHaveLength(0);
  const ledgerFiles = readdirSync(paths.stateDir).filter((name) => name.startsWith("backup-state"));
  expect(ledgerFiles, "no ledger was opened").toEqual([]);
  ending.abort();
  await daemon;
}, 60_000);

it("photos that failed stand in the log by their id, never by their name", async () => {
  const { context, photos, paths, ending, agree, choose, statusThat } = await daemonBench();
  const broken = join(photos, "secret party.jpg");
  writeFileSync(broken, "");
  await agree("first");
  await choose();
  const daemon = runDaemon(context);
  await statusThat(({ counts, activity }) => counts.failed === 1 && activity === "idle");
  ending.abort();
  await daemon;
  const log = readFileSync(join(paths.logDir, "helper.log"), "utf8");
  expect(log).toContain(`"photo":"${fileId(broken)}","code":"empty-file"`);
  expect(log).not.toMatch(/secret party|Pictures/);
}, 60_000);
