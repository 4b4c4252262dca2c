import type { BackupRunOptions } from "./backup-run-options.ts";
import { agingView } from "./aging-view.ts";
import type { BucketView } from "./bucket-view.ts";
import type { ObjectStore } from "./object-store.ts";

/** The bucket as one run needs it: opened and checked at the first photo that asks, then looked over once. */
export class RunBucket {
  readonly #options: BackupRunOptions;
  #store: Promise<ObjectStore> | undefined;
  #openedStore: ObjectStore | undefined;
  #requestsBefore = 0;
  #view: Promise<BucketView | undefined> | undefined;

  constructor(options: BackupRunOptions) {
    this.#options = options;
  }

  /** Requests this run has sent. */
  get requestCount(): number {
    return (this.#openedStore?.requestCount ?? 0) - this.#requestsBefore;
  }

  async open(): Promise<ObjectStore> {
    this.#store ??= this.#openChecked();
    return this.#store;
  }

  /** @param pendingPhotos decides whether a listing is cheaper than asking for each key */
  async view(store: ObjectStore, pendingPhotos: number): Promise<BucketView | undefined> {
    const { openBucketView, stopping } = this.#options;
    if (!openBucketView) return undefined;
    // Each of its requests passes the gate: a second turn around them all would wait for itself.
    this.#view ??= this.#openView(() => openBucketView(store, pendingPhotos, stopping));
    return this.#view;
  }

  async #openView(open: () => Promise<BucketView | undefined>): Promise<BucketView | undefined> {
    const { clock } = this.#options;
    const since = clock.now();
    const view = await open();
    return view && agingView(view, since, clock);
  }

  async #openChecked(): Promise<ObjectStore> {
    const store = await this.#options.openStore();
    this.#openedStore = store;
    this.#requestsBefore = store.requestCount;
    const { gate, stopping } = this.#options;
    if (store.isJustChecked) store.isJustChecked = false;
    else await gate.run(() => store.checkBucket(stopping), stopping);
    return store;
  }
}
