/** Longest wait that a store may ask of us. */
export const retryAfterCapMs = 15 * 60_000;

/**
 * Milliseconds to wait from a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3), at most 15 minutes.
 * @returns undefined when there is no such header or it cannot be understood
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (!value) return undefined;
  const trimmed = value.trim();
  const waitMs = /^\d+$/.test(trimmed) ? Number(trimmed) * 1000 : Date.parse(trimmed) - nowMs;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, 0), retryAfterCapMs);
}
