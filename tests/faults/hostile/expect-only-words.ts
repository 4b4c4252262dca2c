import { expect } from "vitest";

/** What a program said holds words: no stack, nothing that a terminal obeys or that turns text around, and not too many. */
export function expectOnlyWords(said: string): void {
  expect(said).not.toMatch(/\n {4}at |node:internal|\.(ts|mjs):\d+/);
  expect(said.replace(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(said.length).toBeLessThan(20_000);
}
