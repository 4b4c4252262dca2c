import type { Logger } from "pino";
import type { CliContext } from "../cli/cli-context.ts";
import { openKnownStore } from "../cli/open-known-store.ts";
import { BackupSession } from "../session/backup-session.ts";
import type { StatusPublisher } from "../session/status-publisher.ts";
import type { Destination } from "../state/files/destination.ts";
import { destinationId } from "../state/files/destination-id.ts";
import { loggableError } from "./loggable-error.ts";

interface HolderOptions {
  context: CliContext;
  log: Logger;
  publisher: StatusPublisher;
  verifyOwnership: () => void;
  /** Another one, for tests. */
  openSession?: typeof BackupSession.open;
}

/** The one open session of the daemon, kept from run to run for as long as it fits. */
export class SessionHolder {
  readonly #options: HolderOptions;
  #open: { id: string; session: BackupSession } | undefined;

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  async open(destination: Destination, allowInsecureHttp: boolean): Promise<BackupSession> {
    const { context, log, publisher, verifyOwnership } = this.#options;
    const { region, storageClass } = destination;
    const id = JSON.stringify([destinationId(destination), region, storageClass, allowInsecureHttp]);
    const isHeld = publisher.published.stoppedBy !== undefined;
    // After a hold everything is opened anew: the access key may be another one now.
    if (this.#open?.id === id && !isHeld) return this.#open.session;
    await this.close();
    const { openSession = BackupSession.open } = this.#options;
    const session = await openSession({
      paths: context.paths,
      destination,
      openStore: () =>
        openKnownStore(context, destination, allowInsecureHttp, (error) => {
          log.warn(loggableError(error.cause ?? error), "what the bucket can do cannot be read; it is asked anew");
        }),
      publisher,
      patienceMs: Number.POSITIVE_INFINITY,
      verifyOwnership,
      onDamagedPiece: (key) => {
        log.warn({ piece: key.split("/").slice(-2) }, "a damaged piece of the catalogue was passed over");
      },
      onCatalogueSurplus: () => {
        log.warn("the catalogues in the bucket hold too many lines; not all of them were used");
      },
    });
    this.#open = { id, session };
    return session;
  }

  /** A fold that fails loses nothing, the journal has it all; the next opening says what is wrong if it still is. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    const note = (error: unknown) => this.#options.log.warn(loggableError(error), "closed without a fold");
    await open?.session.close().catch(note);
  }
}
