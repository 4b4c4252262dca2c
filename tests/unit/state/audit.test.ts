import { readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { appendAudit } from "../../../helper/state/files/audit.ts";
import { ensureStateDirs } from "../../../helper/state/files/ensure-state-dirs.ts";
import { someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const now = (): number => Date.parse(someTime);

describe("appendAudit", () => {
  it("adds one line an action, for the person's eyes only", async () => {
    const paths = await tempState();
    await appendAudit(paths, { action: "consent-given", bucket: "b\nc" }, now);
    await appendAudit(paths, { action: "paused" }, now);
    const lines = readFileSync(paths.audit, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: someTime, pid: process.pid, action: "consent-given", bucket: "b\nc" },
      { at: someTime, pid: process.pid, action: "paused" },
    ]);
    expect(statSync(paths.audit).mode & 0o777).toBe(0o600);
  });

  it("invariant 9: never holds a secret, however deep it was handed in", async () => {
    const paths = await tempState();
    await appendAudit(paths, {
      action: "credentials-set",
      secretAccessKey: "hunter2",
      accessKeyId: "AKIAhunter2",
      nested: [{ sessionToken: "hunter2", password: "hunter2", kept: "yes" }],
      endpoint: "https://me:hunter2@s3.example.com",
    });
    const text = readFileSync(paths.audit, "utf8");
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text)).toMatchObject({ nested: [{ kept: "yes" }], endpoint: "https://s3.example.com" });
  });

  it("does not join a line that a killed process left half-written", async () => {
    const paths = await tempState();
    writeFileSync(paths.audit, '{"at":"2026-');
    await appendAudit(paths, { action: "paused" }, now);
    expect(JSON.parse(readFileSync(paths.audit, "utf8").split("\n")[1] ?? "")).toMatchObject({ action: "paused" });
  });
});

describe("ensureStateDirs", () => {
  it("makes folders that nobody else can look into", async () => {
    const paths = await tempState();
    await ensureStateDirs(paths);
    for (const folder of [paths.parkedLedgersDir, paths.requestsDir, paths.logDir]) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
  });

  it("says that the state is unwritable where a file is in the way", async () => {
    const paths = await tempState();
    writeFileSync(paths.settings, "");
    const inTheWay = { ...paths, requestsDir: `${paths.settings}/requests` };
    await expect(ensureStateDirs(inTheWay)).rejects.toMatchObject({ code: "state-unwritable" });
  });
});
