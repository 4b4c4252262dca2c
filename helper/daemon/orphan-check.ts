import type { CliContext } from "../cli/cli-context.ts";
import { createOrphanWatch, isExtensionGone } from "../control/retire-when-orphaned.ts";
import { uninstallAgent } from "../control/uninstall-agent.ts";
import { appendAudit } from "../state/files/audit.ts";

const everyMs = 60 * 60_000;
const soonMs = 10 * 60_000;

/** Looks, at start and every hour, whether the extension is still there; the helper leaves with it. */
export class OrphanCheck {
  readonly #look: ReturnType<typeof createOrphanWatch>;
  readonly #now: () => number;
  #nextAt = 0;
  isRetired = false;

  constructor({ paths, now }: CliContext, onRetired: () => void) {
    this.#now = now;
    this.#look = createOrphanWatch({
      isGone: () => isExtensionGone({ paths }),
      retire: async () => {
        this.isRetired = true;
        onRetired();
        await uninstallAgent({ paths });
      },
      audit: (record) => appendAudit(paths, record),
      now,
    });
  }

  async check(): Promise<void> {
    const leftMs = this.#nextAt - this.#now();
    // A clock that was set back must not put it off for the length of the jump.
    if (leftMs > 0 && leftMs <= everyMs) return;
    const found = await this.#look();
    this.#nextAt = this.#now() + (found === "missed" ? soonMs : everyMs);
  }
}
