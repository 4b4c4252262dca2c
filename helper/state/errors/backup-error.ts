import type { Reason } from "./reason.ts";
import { reasons, type ReasonCode } from "./reasons.ts";

interface BackupErrorOptions {
  /** What this case adds to the reason's words: a name, a store's own code. Never a secret. */
  detail?: string;
  /** How long the service asked us to wait, from its Retry-After. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** An error that was translated at the boundary: its code leads to words and to the step that mends it. */
export class BackupError extends Error {
  readonly code: ReasonCode;
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ReasonCode, options: BackupErrorOptions = {}) {
    super(options.detail ? `${reasons[code].what} (${options.detail})` : reasons[code].what, { cause: options.cause });
    this.name = "BackupError";
    this.code = code;
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
  }

  get reason(): Reason {
    return reasons[this.code];
  }
}
