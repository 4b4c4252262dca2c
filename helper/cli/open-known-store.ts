import type { ObjectStore } from "../backup/object-store.ts";
import { openProbedStore } from "../session/open-probed-store.ts";
import type { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import type { CliContext } from "./cli-context.ts";

/** The bucket for a backup, with what is known of it; it is probed where nothing is. @throws BackupError */
export function openKnownStore(
  context: CliContext,
  destination: Destination,
  allowInsecureHttp: boolean,
  onUnreadable: (error: BackupError) => void = () => undefined,
): Promise<ObjectStore> {
  return openProbedStore({
    paths: context.paths,
    destination,
    helperVersion: context.version,
    now: context.now,
    signal: context.interrupted,
    onUnreadable,
    open: (known) => context.parts.openStore(destination, { allowInsecureHttp, ...known }),
  });
}
