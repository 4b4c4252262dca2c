interface Sample {
  at: number;
  bytes: number;
}

const windowMs = 30_000;

/** Bytes a second over the last half minute of uploading. */
export class TransferSpeed {
  #samples: Sample[] = [];

  add(at: number, totalBytes: number): void {
    // A clock that was set back: what was measured by the other time would stay for the length of the jump.
    if (at < (this.#samples.at(-1)?.at ?? at)) this.reset();
    this.#samples.push({ at, bytes: totalBytes });
    while ((this.#samples[1]?.at ?? at) < at - windowMs) this.#samples.shift();
  }

  bytesPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
  }

  reset(): void {
    this.#samples = [];
  }
}
