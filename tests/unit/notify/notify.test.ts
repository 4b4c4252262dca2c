import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNotifier } from "../../../helper/notify/notify.ts";
import { installFakeMacos, type FakeMacos } from "../../support/fake-macos/install-fake-macos.ts";

const hourMs = 60 * 60_000;
let fake: FakeMacos;
let nowMs: number;
let memoryPath: string;
beforeEach(() => {
  fake = installFakeMacos();
  nowMs = Date.parse("2026-06-01T10:00:00Z");
  memoryPath = join(fake.dir, "notified.json");
});
afterEach(() => fake.close());

const notifier = () => createNotifier({ env: fake.env, platform: "linux", now: () => nowMs, memoryPath });
const notice = { title: "Backup Stopped", body: "The access key was refused.", key: "credentials-refused" };
const shown = () => fake.notifications().length;

describe("a notification", () => {
  it.each([`"; do shell script "touch /tmp/x" --`, "-e", "$(id) `id` \\", "Größe 📷\nzweite Zeile"])(
    "shows its text as it is: %j",
    async (body) => {
      await notifier().notify({ ...notice, body });
      expect(fake.notifications()).toEqual([{ title: "Backup Stopped", body }]);
    },
  );

  it("is told once a day a matter, and other matters of their own", async () => {
    const { notify } = notifier();
    await notify(notice);
    nowMs += 24 * hourMs - 1;
    await notify({ ...notice, body: "Other words." });
    expect(shown()).toBe(1);
    await notify({ ...notice, key: "quota-exceeded" });
    expect(shown()).toBe(2);
    nowMs += 1;
    await notify(notice);
    expect(shown()).toBe(3);
  });

  it("is told again at once when the matter was settled in between", async () => {
    const { notify, settle } = notifier();
    await notify(notice);
    await settle(notice.key);
    await notify(notice);
    expect(shown()).toBe(2);
  });

  it("is settled with everything under its matter, and with nothing else", async () => {
    const { notify, settle } = notifier();
    for (const key of ["held:quota-exceeded", "held:clock-wrong", "heldover"]) await notify({ ...notice, key });
    await settle("held");
    for (const key of ["held:quota-exceeded", "held:clock-wrong", "heldover"]) await notify({ ...notice, key });
    expect(shown()).toBe(5);
  });

  it("is not told again by a helper that was restarted", async () => {
    await notifier().notify(notice);
    await notifier().notify(notice);
    expect(shown()).toBe(1);
    expect(readFileSync(memoryPath, "utf8")).toContain("2026-06-01T10:00:00.000Z");
  });

  it("is told when the memory can't be read, or was written by a clock that was ahead", async () => {
    writeFileSync(memoryPath, "{ torn");
    await notifier().notify(notice);
    expect(shown()).toBe(1);
    nowMs -= 1000 * hourMs;
    await notifier().notify(notice);
    expect(shown()).toBe(2);
  });

  it("is silently nothing where there is no osascript, or it fails", async () => {
    const elsewhere = createNotifier({
      env: { PATH: "/nonexistent" },
      platform: "linux",
      now: () => nowMs,
      memoryPath,
    });
    await elsewhere.notify(notice);
    await elsewhere.settle(notice.key);
    writeFileSync(join(fake.pathEntry, "osascript"), "#!/bin/sh\nexit 1\n");
    await expect(notifier().notify(notice)).resolves.toBeUndefined();
    expect(shown()).toBe(0);
  });
});
