import { isAbsolute } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { statePaths } from "../../../helper/state/state-paths.ts";

afterEach(() => vi.unstubAllEnvs());

test("an empty HOME does not put the state into whatever folder one is in", () => {
  for (const name of ["HOME", "PHOTOLALA_STATE_DIR", "PHOTOLALA_LOG_DIR", "XDG_STATE_HOME"]) vi.stubEnv(name, "");
  const { stateDir, logDir } = statePaths();
  expect([stateDir, logDir].map((path) => isAbsolute(path))).toEqual([true, true]);
});
