import { statePaths, type StatePaths } from "../../../helper/state/state-paths.ts";

export function statePathsAt(stateDir: string): StatePaths {
  return statePaths({ env: { PHOTOLALA_STATE_DIR: stateDir }, platform: "linux", homeDir: "/nowhere" });
}
