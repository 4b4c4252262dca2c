interface Foldable {
  shouldFold(): boolean;
  shouldFoldAtRest(): boolean;
  fold(): Promise<void>;
}

/** Folds a ledger that has grown while a run goes on: beside it, so that it takes no photo's time. */
export class FoldBeside {
  readonly #ledger: Foldable;
  #folding: Promise<void> | undefined;
  #error: unknown;

  constructor(ledger: Foldable) {
    this.#ledger = ledger;
  }

  /** To be called often. */
  whenGrown(): void {
    // Not again after a failure: it would write the whole ledger anew at every photo, on a disk that is full.
    if (this.#folding || this.#error || !this.#ledger.shouldFold()) return;
    this.#folding = this.#ledger
      .fold()
      .catch((error: unknown) => (this.#error = error))
      .then(() => (this.#folding = undefined));
  }

  /** Waits for the fold that is under way; never rejects. */
  async settled(): Promise<void> {
    await this.#folding;
  }

  /** Folds what is due at the end of a run. Throws what kept a fold from it, an earlier one too. */
  async finish(): Promise<void> {
    await this.settled();
    if (this.#error) throw this.#error;
    if (this.#ledger.shouldFoldAtRest()) await this.#ledger.fold();
  }
}
