import type { OperationName } from "./classify-operation.ts";
import { modifierKinds, type FaultKind, type FaultMatch, type FaultOf } from "./fault-kinds.ts";
import type { S3Request } from "./s3-request.ts";

export type FaultRequest = FaultKind & {
  /** Which requests; all of them by default. */
  match?: FaultMatch;
  /** How often it fires, once by default; Infinity for as long as it isn't removed. */
  times?: number;
};

export interface AddedFault {
  readonly fired: number;
  /** Settles when it fires for the first time, so that a test can wait for that moment. */
  readonly whenFired: Promise<void>;
  remove(): void;
}

/** The faults that hit one request. */
export class ActiveFaults {
  readonly #active: FaultKind[];

  constructor(active: FaultKind[]) {
    this.#active = active;
  }

  get<K extends FaultKind["kind"]>(kind: K): FaultOf<K> | undefined {
    return this.#active.find((fault): fault is FaultOf<K> => fault.kind === kind);
  }

  get kinds(): string[] {
    return this.#active.map(({ kind }) => kind);
  }
}

interface QueuedFault {
  fault: FaultKind;
  match: FaultMatch;
  times: number;
  seen: number;
  fired: number;
  onFired: () => void;
}

/**
 * Faults queued by a test. Of several that decide the outcome of one request the one added first fires and the others
 * wait for the next; modifiers (slow, wrong-etag, …) fire beside it.
 */
export class Faults {
  readonly #queue: QueuedFault[] = [];

  add(request: FaultRequest): AddedFault {
    const { match = {}, times = 1, ...fault } = request;
    let onFired = (): void => undefined;
    const whenFired = new Promise<void>((resolve) => (onFired = resolve));
    const queued: QueuedFault = { fault, match, times, seen: 0, fired: 0, onFired };
    this.#queue.push(queued);
    return {
      get fired() {
        return queued.fired;
      },
      whenFired,
      remove: () => void this.#queue.splice(this.#queue.indexOf(queued), 1),
    };
  }

  /** Takes the faults that fire for this request. */
  take(request: S3Request, operation: OperationName): ActiveFaults {
    const active: FaultKind[] = [];
    for (const queued of this.#queue) {
      if (!matches(queued, request, operation)) continue;
      queued.seen++;
      if (queued.seen < (queued.match.nth ?? 1) || queued.fired >= queued.times) continue;
      const isModifier = modifierKinds.has(queued.fault.kind);
      if (active.some(({ kind }) => (isModifier ? kind === queued.fault.kind : !modifierKinds.has(kind)))) continue;
      queued.fired++;
      queued.onFired();
      active.push(queued.fault);
    }
    return new ActiveFaults(active);
  }

  /** @throws Error naming every fault that fired less often than it was meant to; a test that injects must call it. */
  assertAllFired(): void {
    const missed = this.#queue.filter(({ fired, times }) => fired < (times === Infinity ? 1 : times));
    if (missed.length === 0) return;
    const names = missed.map(({ fault, match, fired, times }) => {
      const where = JSON.stringify(match, (_, value: unknown) => (value instanceof RegExp ? String(value) : value));
      return `${fault.kind} ${where} fired ${fired} of ${times}`;
    });
    throw new Error(`Faults that never fired as often as planned: ${names.join("; ")}`);
  }

  /** Removes every fault, fired or not. */
  clear(): void {
    this.#queue.length = 0;
  }
}

function matches({ fault, match }: QueuedFault, request: S3Request, operation: OperationName): boolean {
  if (fault.kind === "truncate-read" && operation !== "GetObject") return false;
  const isConditional = fault.kind === "ignore-if-none-match" || fault.kind === "refuse-if-none-match";
  if (isConditional && request.headers["if-none-match"] === undefined) return false;
  if (match.method && match.method !== request.method) return false;
  if (match.operation && match.operation !== operation) return false;
  if (match.keyPattern === undefined) return true;
  const key = request.key ?? "";
  return typeof match.keyPattern === "string" ? key.includes(match.keyPattern) : match.keyPattern.test(key);
}
