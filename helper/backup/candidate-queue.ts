import type { Candidate } from "./candidate.ts";

/** Photos waiting for their turn, in the order the scan found them; taken ones are let go of at once. */
export class CandidateQueue {
  readonly #candidates: (Candidate | undefined)[];
  #next = 0;

  constructor(candidates: Candidate[] = []) {
    this.#candidates = candidates;
  }

  get size(): number {
    return this.#candidates.length - this.#next;
  }

  push(candidate: Candidate): void {
    this.#candidates.push(candidate);
  }

  take(): Candidate | undefined {
    const candidate = this.#candidates[this.#next];
    if (!candidate) return undefined;
    this.#candidates[this.#next] = undefined;
    this.#next += 1;
    return candidate;
  }
}
