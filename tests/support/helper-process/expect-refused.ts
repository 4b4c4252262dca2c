import { expect } from "vitest";
import { reasons, type ReasonCode } from "../../../helper/state/errors/reasons.ts";
import type { HelperWorld } from "./helper-world.ts";

interface Refusal {
  code: ReasonCode;
  exitCode: number;
  /** What the words must also name. */
  detail?: RegExp;
  env?: Record<string, string>;
  uid?: number;
}

/**
 * Runs a command twice, for a person and with `--json`, and expects both to be refused: the exit code, the reason's
 * title, what happened and what mends it on stderr, and the same as one JSON object on stdout.
 */
export async function expectRefused(world: HelperWorld, args: string[], refusal: Refusal): Promise<void> {
  const { title, what, mend } = reasons[refusal.code];
  const words = args.filter((arg) => arg !== "--json");
  const forPerson = await world.run(words, refusal);
  expect(forPerson, words.join(" ")).toMatchObject({ code: refusal.exitCode, stdout: "" });
  expect(forPerson.stderr).toContain(`${title}: ${what}`);
  expect(forPerson.stderr).toContain(mend);
  expect(forPerson.stderr).toMatch(refusal.detail ?? /./);

  const forProgram = await world.run([...words, "--json"], refusal);
  expect(forProgram).toMatchObject({ code: refusal.exitCode, stderr: "" });
  const { error } = JSON.parse(forProgram.stdout) as { error: Record<string, string> };
  expect(error).toMatchObject({ code: refusal.code, title, what, mend });
}
