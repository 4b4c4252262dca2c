import { defineConfig } from "vitest/config";
import { fileURLToPath } from "node:url";

const stub = fileURLToPath(new URL("tests/support/raycast-stub/index.ts", import.meta.url));

/** After the inner loop, which has fewer workers. */
const sequence = { groupOrder: 1 };

/** Kept beside what they test, and out of the inner loop: they wait for processes, sockets and screens. */
const slow = [
  "tests/ui/back-up-folder.test.tsx",
  "tests/ui/credential-handover.test.tsx",
  "tests/ui/list-buckets.test.tsx",
  "tests/ui/view-failures.test.tsx",
  "tests/ui/show-status-actions.test.tsx",
  "tests/unit/support/*.test.ts",
];

export default defineConfig({
  test: {
    // Most tests wait for processes and servers: more at once than there are cores.
    maxWorkers: 4,
    // Removing ten thousand files after a test takes its time on a loaded machine.
    hookTimeout: 120_000,
    testTimeout: 30_000,
    teardownTimeout: 60_000,
    coverage: {
      provider: "v8",
      reportsDirectory: "coverage",
      reporter: ["text-summary"],
      // The core: what decides, uploads, records and proves.
      include: ["helper/backup/**", "helper/s3/**", "helper/state/**", "helper/session/**", "helper/daemon/**"],
      thresholds: { lines: 80, branches: 80, functions: 80, statements: 80 },
    },
    alias: { "@raycast/api": stub },
    // Else Node itself would load @raycast/utils, and look for a real @raycast/api in it.
    server: { deps: { inline: ["@raycast/utils"] } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/ui/**/*.test.tsx"],
          exclude: slow,
          // A worker loads each module once, for all its files: loading took a third of the time. So a unit test
          // leaves no state in a module, a global or the environment. Still processes, since commands ask for HOME.
          isolate: false,
          maxWorkers: 3,
        },
      },
      // What starts many processes: too slow for the inner loop.
      {
        extends: true,
        test: {
          name: "integration",
          sequence,
          include: ["tests/integration/**/*.test.ts", ...slow],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "contract", sequence, include: ["tests/contract/**/*.test.ts"], testTimeout: 60_000 },
      },
      { extends: true, test: { name: "e2e", sequence, include: ["tests/e2e/**/*.test.ts"], testTimeout: 300_000 } },
      {
        extends: true,
        test: { name: "faults", sequence, include: ["tests/faults/**/*.test.ts"], testTimeout: 60_000 },
      },
      // Long and random, sized by environment variables.
      { extends: true, test: { name: "campaigns", sequence, include: ["tests/campaigns/**/*.test.ts"] } },
    ],
  },
});
