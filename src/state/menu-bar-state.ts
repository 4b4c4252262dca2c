import { isTurnedOff } from "../../helper/control/is-turned-off.ts";
import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { readVerification } from "../../helper/state/files/verification-store.ts";
import type { Verification } from "../../helper/state/files/verification.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { readLostEverywhere } from "./lost-everywhere.ts";
import { readStatusOrSayWhy } from "./overview.ts";

export interface MenuBarState {
  status?: Status;
  /** What was proved of the status's destination. */
  verification?: Verification;
  /** Photos that are neither in the bucket nor on this Mac any more. */
  lostEverywhere: number;
  isAlive: boolean;
  /** Nothing starts the helper at login. */
  isOff: boolean;
}

/** The few small files that the menu bar needs. Rejects when there is a status and it cannot be read. */
export async function readMenuBarState(): Promise<MenuBarState> {
  const paths = statePaths();
  const status = await readStatusOrSayWhy(paths);
  const isAlive = status !== undefined && isHelperAlive(status);
  const verification =
    status?.destination && (await readVerification(paths, status.destination).catch(() => undefined));
  return {
    ...(status && { status }),
    ...(verification && { verification }),
    lostEverywhere: await readLostEverywhere(paths),
    isAlive,
    isOff: await isTurnedOff(paths),
  };
}
