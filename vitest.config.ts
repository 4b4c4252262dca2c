import { defineConfig } from "vitest/config";
import { fileURLToPath } from "node:url";

const stub = fileURLToPath(new URL("tests/support/raycast-stub/index.ts", import.meta.url));

export default defineConfig({
  test: {
    alias: { "@raycast/api": stub },
    projects: [
      { extends: true, test: { name: "unit", include: ["tests/unit/**/*.test.ts", "tests/ui/**/*.test.tsx"] } },
      { extends: true, test: { name: "contract", include: ["tests/contract/**/*.test.ts"], testTimeout: 60_000 } },
      { extends: true, test: { name: "e2e", include: ["tests/e2e/**/*.test.ts"], testTimeout: 300_000 } },
    ],
  },
});
