import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface HelperCall {
  argv: string[];
  stdin: string;
}

/** Stands in for assets/helper.mjs: answers what a test set for the command, and keeps how it was called. */
export interface FakeHelper {
  assetsPath: string;
  /** For every later call that begins with these words, until another answer is set for them. */
  answer(words: string, json: object, exitCode?: number): void;
  calls(words?: string): HelperCall[];
}

const program = `
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
const dir = import.meta.dirname;
const argv = process.argv.slice(2);
if (argv[0] === "--version") { console.log("0.1.0"); process.exit(0); }
if (argv[0] === "run") { process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000); }
else {
  // Not readFileSync(0): on a pipe that has nothing yet it fails with EAGAIN.
  let stdin = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) stdin += chunk;
  appendFileSync(join(dir, "calls.jsonl"), JSON.stringify({ argv, stdin }) + "\\n");
  const answers = existsSync(join(dir, "answers.json")) ? JSON.parse(readFileSync(join(dir, "answers.json"), "utf8")) : {};
  const found = Object.entries(answers).find(([words]) => argv.join(" ").startsWith(words));
  if (!found) { console.error("no answer set for " + argv.join(" ")); process.exit(70); }
  console.log(JSON.stringify(found[1].json));
  process.exitCode = found[1].exitCode;
}
`;

export function createFakeHelper(dir: string): FakeHelper {
  const assetsPath = join(dir, "assets");
  mkdirSync(assetsPath, { recursive: true });
  writeFileSync(join(assetsPath, "helper.mjs"), program);
  const answersPath = join(assetsPath, "answers.json");
  const callsPath = join(assetsPath, "calls.jsonl");
  const answers: Record<string, { json: object; exitCode: number }> = {};
  return {
    assetsPath,
    answer: (words, json, exitCode = 0) => {
      answers[words] = { json, exitCode };
      // In one step: a helper that is being asked reads either the old answers or the new ones.
      writeFileSync(`${answersPath}.new`, JSON.stringify(answers));
      renameSync(`${answersPath}.new`, answersPath);
    },
    calls: (words = "") => {
      if (!existsSync(callsPath)) return [];
      const lines = readFileSync(callsPath, "utf8").trim().split("\n");
      const calls = lines.map((line) => JSON.parse(line) as HelperCall);
      return calls.filter((call) => call.argv.join(" ").startsWith(words));
    },
  };
}
