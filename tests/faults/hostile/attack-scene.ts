import { expect } from "vitest";
import { reasons, type ReasonCode } from "../../../helper/state/errors/reasons.ts";
import type { E2eServer } from "../../support/helper-process/e2e-server.ts";
import type { Ended } from "../../support/helper-process/helper-process.ts";
import { HelperWorld } from "../../support/helper-process/helper-world.ts";
import { readLedger, tornFiles } from "../../support/helper-process/read-state.ts";
import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { filesUnder } from "../../support/state/temp-state.ts";
import { expectOnlyWords } from "./expect-only-words.ts";

export const bucket = "photos-of-mine";

/** A computer whose way to the store leads over this endpoint. */
export async function worldAt(server: E2eServer, endpoint: string, photos = 2): Promise<HelperWorld> {
  const world = await HelperWorld.create({ server: { ...server, endpoint }, bucket });
  if (photos > 0) await world.addPhotos(photos);
  return world;
}

export interface Refused {
  code: ReasonCode;
  /** What the detail must name beside the reason's own words. */
  detail?: RegExp;
}

/** The one JSON object of a command that was stopped; nothing of it may be more than words. */
export function expectStopped(world: HelperWorld, ended: Ended, { code, detail = /^/ }: Refused): void {
  const { title, what, mend } = reasons[code];
  expect(ended.stdout, ended.stderr).toMatch(/^\{.*\}\n$/);
  const { error } = JSON.parse(ended.stdout) as { error: Record<string, string> };
  expect(error).toMatchObject({ code, title, what, mend });
  expect(error.detail ?? "").toMatch(detail);
  expect(ended.code).toBe(3);
  expectHarmless(world, ended);
}

/** Words only: no stack, no secret, no control character, and every file of the state whole. */
export function expectHarmless(world: HelperWorld, { stdout, stderr, signal, code }: Ended): void {
  expect(signal).toBeNull();
  expect([0, 1, 3, 4]).toContain(code);
  const said = stdout + stderr;
  expectOnlyWords(said);
  expect(tornFiles(world.paths)).toEqual([]);
  const secret = world.env.AWS_SECRET_ACCESS_KEY as string;
  for (const text of [said, ...written(world)]) expect(text.includes(secret)).toBe(false);
}

export function expectNothingRecorded(world: HelperWorld): void {
  expect(readLedger(world.paths).size).toBe(0);
}

function written({ paths }: HelperWorld): string[] {
  return [paths.stateDir, paths.logDir]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => filesUnder(folder).map((name) => readFileSync(join(folder, name), "latin1")));
}
