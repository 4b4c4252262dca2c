import type { OperationName } from "./classify-operation.ts";

/** One request as the server saw it. Filled in as it goes on. */
export interface LoggedRequest {
  method: string;
  /** Undefined when the request wasn't one the server knows. */
  operation: OperationName | undefined;
  bucket: string | undefined;
  key: string | undefined;
  /** Undefined while no answer was sent: still under way, stalled, cut or given up by the client. */
  status: number | undefined;
  /** The S3 error code that was answered. */
  errorCode: string | undefined;
  /** Bytes of the request's body that were received. */
  receivedBytes: number;
  /** Bytes of the answer's body that were sent. */
  sentBytes: number;
  startedAt: Date;
  elapsedMs: number | undefined;
  /** Kinds of the faults that hit it. */
  faults: string[];
  userAgent: string | undefined;
  /** `x-amz-content-sha256`, as it was sent. */
  payloadHash: string | undefined;
}

/** Every request in the order of arrival, with a way to wait for one. */
export class RequestLog {
  readonly requests: LoggedRequest[] = [];
  readonly #waiting = new Set<() => void>();

  /** To be called whenever a request was added or has changed. */
  changed(): void {
    for (const check of this.#waiting) check();
  }

  /** Settles with the first request, past or future, for which the predicate holds. It sees requests under way, too. */
  waitFor(predicate: (request: LoggedRequest) => boolean): Promise<LoggedRequest> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = this.requests.find(predicate);
        if (!found) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** How many requests of each operation came in. */
  counts(): Partial<Record<OperationName | "unknown", number>> {
    const counts: Partial<Record<OperationName | "unknown", number>> = {};
    for (const { operation = "unknown" } of this.requests) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  clear(): void {
    this.requests.length = 0;
  }
}
