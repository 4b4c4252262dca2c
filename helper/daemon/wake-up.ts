/** Something the daemon may wait for: many causes, one waiter, no cause lost between two waits. */
export class WakeUp {
  #isDue = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#isDue = true;
    this.#resolve?.();
  }

  /** Returns when woken, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isDue) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      const timer = setTimeout(resolve, Math.max(0, timeoutMs));
      await promise;
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#isDue = false;
  }
}
