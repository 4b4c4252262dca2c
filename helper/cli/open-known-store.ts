import type { ObjectStore } from "../backup/object-store.ts";
import { openProbedStore } from "../session/open-probed-store.ts";
import type { Destination } from "../state/files/destination.ts";
import type { CliContext } from "./cli-context.ts";

/** The bucket for a backup, with what is known of it; it is probed where nothing is. @throws BackupError */
export function openKnownStore(
  context: CliContext,
  destination: Destination,
  allowInsecureHttp: boolean,
): Promise<ObjectStore> {
  return openProbedStore({
    paths: context.paths,
    destination,
    helperVersion: context.version,
    now: context.now,
    signal: context.interrupted,
    open: (known) => context.parts.openStore(destination, { allowInsecureHttp, ...known }),
  });
}
