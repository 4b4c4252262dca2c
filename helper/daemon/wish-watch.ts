import type { Logger } from "pino";
import { asksMore, readAskedFor, type AskedFor } from "../session/asked-for.ts";
import { readSettings } from "../state/files/settings-store.ts";
import type { Settings } from "../state/files/settings.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { coalesce } from "./coalesce.ts";
import type { RunControl } from "./run-control.ts";

interface WishOptions {
  paths: StatePaths;
  log: Logger;
  control: RunControl;
}

/** Makes a run under way stop for what the person wants now. */
export class WishWatch {
  readonly #options: WishOptions;
  #settingsText = "";
  /** What the run under way does already. */
  #met: AskedFor | undefined;

  /** Settings or requests may have changed. */
  readonly changed = coalesce(() => this.#look());

  constructor(options: WishOptions) {
    this.#options = options;
  }

  /** @returns whether these settings want anything else than those before; a pause alone does not */
  differ(settings: Settings): boolean {
    const before = this.#settingsText;
    this.#settingsText = textOf(settings);
    return this.#settingsText !== before;
  }

  /** A run begins that meets these requests. */
  begin(asked: AskedFor): { stopping: AbortSignal; aborting: AbortSignal } {
    this.#met = asked;
    return this.#options.control.begin();
  }

  async #look(): Promise<void> {
    const { paths, log, control } = this.#options;
    if (!control.isRunning) return;
    const settings = await readSettings(paths).catch(() => undefined);
    if (!settings) return;
    const asked = await readAskedFor(paths).catch(() => undefined);
    const isChanged = textOf(settings) !== this.#settingsText;
    const isAsked = asked !== undefined && this.#met !== undefined && asksMore(asked, this.#met);
    // One that stops already is said once, however many changes came.
    if (!control.isRunning || control.wasStopped || !(settings.paused || isChanged || isAsked)) return;
    log.info({ paused: settings.paused, isChanged, isAsked }, "a wish stops the run");
    control.stop();
  }
}

function textOf(settings: Settings): string {
  return JSON.stringify({ ...settings, paused: false });
}
