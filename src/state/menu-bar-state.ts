import { isTurnedOff } from "../../helper/control/is-turned-off.ts";
import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { readVerification } from "../../helper/state/files/verification-store.ts";
import type { Verification } from "../../helper/state/files/verification.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { readStatusOrSayWhy } from "./overview.ts";

export interface MenuBarState {
  status?: Status;
  /** What was proved of the status's destination. */
  verification?: Verification;
  isAlive: boolean;
  /** Nothing starts the helper at login. */
  isOff: boolean;
}

/** The one small file that the menu bar needs. Rejects when it is there and cannot be read. */
export async function readMenuBarState(): Promise<MenuBarState> {
  const paths = statePaths();
  const status = await readStatusOrSayWhy(paths);
  const isAlive = status !== undefined && isHelperAlive(status);
  const verification =
    status?.destination && (await readVerification(paths, status.destination).catch(() => undefined));
  return { ...(status && { status }), ...(verification && { verification }), isAlive, isOff: await isTurnedOff(paths) };
}
