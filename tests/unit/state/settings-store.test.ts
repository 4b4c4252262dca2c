import { readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSettings, updateSettings } from "../../../helper/state/files/settings-store.ts";
import { emptySettings, type Settings } from "../../../helper/state/files/settings.ts";
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";
import { someDestination, someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

describe("settings", () => {
  it("are empty where nothing was chosen, and nobody can spoil the empty ones for others", async () => {
    const paths = await tempState();
    const settings = await readSettings(paths);
    expect(settings).toEqual(emptySettings);
    settings.folders.push({ path: "/a", label: "a", addedAt: someTime });
    expect(await readSettings(paths)).toEqual(emptySettings);
    expect(filesUnder(paths.stateDir)).toEqual([]);
  });

  it("are changed as a whole, with fields of others kept, for the person's eyes only", async () => {
    const paths = await tempState();
    writeFileSync(paths.settings, JSON.stringify({ ...emptySettings, later: { a: 1 } }));
    const written = await updateSettings(paths, (settings) => ({ ...settings, destination: someDestination }));
    expect(written).toEqual({ ...emptySettings, later: { a: 1 }, destination: someDestination });
    expect(await readSettings(paths)).toEqual(written);
    expect(statSync(paths.settings).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(paths.audit, "utf8"))).toMatchObject({
      action: "settings-changed",
      changed: ["destination"],
    });
  });

  it("lose no change when many are made at once", async () => {
    const paths = await tempState();
    const addOne = (settings: Settings): Settings => ({ ...settings, count: Number(settings.count ?? 0) + 1 });
    await Promise.all(Array.from({ length: 10 }, () => updateSettings(paths, addOne)));
    expect((await readSettings(paths)).count).toBe(10);
  });

  it("are not written when nothing changes", async () => {
    const paths = await tempState();
    await updateSettings(paths, (settings) => settings);
    expect(filesUnder(paths.stateDir)).toEqual([]);
  });

  it("are never written in a shape that could not be read again", async () => {
    const paths = await tempState();
    const spoil = (settings: Settings): Settings => ({ ...settings, paused: "yes" as unknown as boolean });
    await expect(updateSettings(paths, spoil)).rejects.toThrow();
    expect(filesUnder(paths.stateDir)).toEqual([]);
    const lock = await acquireLock(paths.stateLock);
    await lock.release();
  });

  it.each([
    ["read", readSettings],
    ["changed", (paths: Parameters<typeof readSettings>[0]) => updateSettings(paths, (settings) => settings)],
  ])("invariant 10: are set aside with words when they are broken and %s", async (_, use) => {
    const paths = await tempState();
    writeFileSync(paths.settings, '{"version": 1, "folders": [');
    await expect(use(paths)).rejects.toMatchObject({
      code: "settings-broken",
      detail: expect.stringMatching(/^set aside as settings\.json\.corrupt-\d{4}-/),
    });
    const [name = ""] = filesUnder(paths.stateDir);
    expect(readFileSync(`${paths.stateDir}/${name}`, "utf8")).toBe('{"version": 1, "folders": [');
    expect(await readSettings(paths)).toEqual(emptySettings);
  });

  it("invariant 10: of a newer version are refused and left byte for byte", async () => {
    const paths = await tempState();
    const content = '{"version": 2, "folders": {}}';
    writeFileSync(paths.settings, content);
    await expect(readSettings(paths)).rejects.toMatchObject({ code: "newer-schema", detail: "settings.json" });
    const changing = updateSettings(paths, (settings) => ({ ...settings, paused: true }));
    await expect(changing).rejects.toMatchObject({ code: "newer-schema" });
    expect(readFileSync(paths.settings, "utf8")).toBe(content);
    expect(filesUnder(paths.stateDir)).toEqual(["settings.json"]);
  });
});
