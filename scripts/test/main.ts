// `npm test`: every check there is, one after another, and one last line: "N passed, N failed".
import { rm } from "node:fs/promises";
import { runStep, type StepResult } from "./run-step.ts";
import { runTermcast } from "./run-termcast.ts";
import { runVitest } from "./run-vitest.ts";

const steps: [string, () => Promise<StepResult>][] = [
  ["build the helper", () => runStep("node", ["scripts/build-helper.mjs"])],
  ["typecheck", () => runStep("tsc", ["--noEmit"])],
  ["lint", () => runStep("eslint", ["--max-warnings", "0", "src", "helper", "tests", "scripts"])],
  ["format check", () => runStep("prettier", ["--check", "--log-level", "warn", "."])],
  ["ray build", () => runStep("ray", ["build", "-e", "dist", "-o", "dist"])],
  ["unit, UI, contract and end-to-end tests", () => runVitest()],
  ["termcast", () => runTermcast()],
];

let passed = 0;
let failed = 0;
for (const [name, run] of steps) {
  const startedAt = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const result = await run();
  passed += result.passed;
  failed += result.failed;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${result.failed === 0 ? "fine" : "FAILED"}, ${seconds} s\n`);
}
await rm("coverage/vitest.json", { force: true });
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
