import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readFailures, writeFailures } from "../../../helper/state/files/failures-store.ts";
import { isHelperAlive } from "../../../helper/state/files/is-helper-alive.ts";
import { readStatus, writeStatus } from "../../../helper/state/files/status-store.ts";
import { processStartTime } from "../../../helper/state/lock/process-start-time.ts";
import { someFailure, someStatus, someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

describe("status.json and failures.json", () => {
  it("give back what was written", async () => {
    const paths = await tempState();
    const failures = {
      version: 1 as const,
      updatedAt: someTime,
      total: 1,
      totalsByCode: { timeout: 1 },
      causes: [],
      photos: [{ path: "/1.jpg", ...someFailure() }],
    };
    expect([await readStatus(paths), await readFailures(paths)]).toEqual([undefined, undefined]);
    await writeStatus(paths, someStatus());
    await writeFailures(paths, failures);
    expect(await readStatus(paths)).toEqual(someStatus());
    expect(await readFailures(paths)).toEqual(failures);
  });

  it("are left alone by readers when they are broken, and refused when they are newer", async () => {
    const paths = await tempState();
    for (const path of [paths.status, paths.failures]) writeFileSync(path, "{");
    expect([await readStatus(paths), await readFailures(paths)]).toEqual([undefined, undefined]);
    for (const path of [paths.status, paths.failures]) writeFileSync(path, '{"version": 2}');
    await expect(readStatus(paths)).rejects.toMatchObject({ code: "newer-schema" });
    await expect(readFailures(paths)).rejects.toMatchObject({ code: "newer-schema" });
    expect(filesUnder(paths.stateDir)).toEqual(["failures.json", "status.json"]);
    expect(readFileSync(paths.status, "utf8")).toBe('{"version": 2}');
  });
});

describe("isHelperAlive", () => {
  const now = (): number => Date.parse(someTime) + 59_999;
  const alive = { now, processStartTime: () => "then" };

  it("believes a fresh heartbeat of the very same process", () => {
    expect(isHelperAlive(someStatus(), alive)).toBe(true);
    const own = someStatus({ processStartTime: processStartTime(process.pid) ?? "" });
    expect(isHelperAlive(own, { now })).toBe(true);
  });

  it.each([
    ["the heartbeat is old", someStatus(), { ...alive, now: () => now() + 1 }],
    ["the process is gone", someStatus(), { now, processStartTime: () => undefined }],
    ["another process has its pid", someStatus(), { now, processStartTime: () => "later" }],
    ["it said that it stopped", someStatus({ activity: "stopped" }), alive],
    [
      "nobody can tell",
      someStatus(),
      {
        now,
        processStartTime: () => {
          throw new Error("no ps");
        },
      },
    ],
  ])("does not believe it when %s", (_, status, options) => {
    expect(isHelperAlive(status, options)).toBe(false);
  });
});
