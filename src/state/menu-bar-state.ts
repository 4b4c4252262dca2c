import { isTurnedOff } from "../../helper/control/is-turned-off.ts";
import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { readStatusOrSayWhy } from "./overview.ts";

export interface MenuBarState {
  status?: Status;
  isAlive: boolean;
  /** Nothing starts the helper at login. */
  isOff: boolean;
}

/** The one small file that the menu bar needs. Rejects when it is there and cannot be read. */
export async function readMenuBarState(): Promise<MenuBarState> {
  const paths = statePaths();
  const status = await readStatusOrSayWhy(paths);
  const isAlive = status !== undefined && isHelperAlive(status);
  return { ...(status && { status }), isAlive, isOff: await isTurnedOff(paths) };
}
