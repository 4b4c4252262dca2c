import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { readStatusOrSayWhy } from "./overview.ts";

export interface MenuBarState {
  status?: Status;
  isAlive: boolean;
}

/** The one small file that the menu bar needs. Rejects when it is there and cannot be read. */
export async function readMenuBarState(): Promise<MenuBarState> {
  const status = await readStatusOrSayWhy(statePaths());
  return { ...(status && { status }), isAlive: status !== undefined && isHelperAlive(status) };
}
