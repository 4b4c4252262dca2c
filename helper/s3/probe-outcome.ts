import type { Outcome } from "../probe/probe-report.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { statusOf } from "./known-answer.ts";
import { translateError } from "./translate-error.ts";

/** What came of one request of the probe. */
export type Tried<Answer> = { outcome: "allowed"; answer: Answer } | { outcome: Outcome; error: unknown };

/**
 * Tries one request. What makes every further one pointless is thrown: no network, no key, no such bucket; and what would
 * make it an imposition: a service that asks to be left alone is not asked on.
 */
export async function tryRequest<Answer>(send: () => Promise<Answer>): Promise<Tried<Answer>> {
  try {
    return { outcome: "allowed", answer: await send() };
  } catch (error) {
    // What is no answer, and no trouble of the network, is the person's wish to stop.
    if (!(error instanceof BackupError) && statusOf(error) === undefined) throw error;
    const { code, detail, reason } = translateError(error);
    const isRefusal = ["permission-denied", "storage-class-refused", "quota-exceeded"].includes(code);
    const isAnswered = isRefusal || reason.scope !== "destination" || statusOf(error) !== undefined;
    const isThrottle = reason.scope === "destination" && reason.retry === "backoff" && code !== "write-conflict";
    if (!isAnswered || isThrottle || isFatal(code)) throw translateError(error);
    if (code === "permission-denied") return { outcome: "denied", error };
    return { outcome: { failed: [code, detail].filter(Boolean).join(": ") }, error };
  }
}

export function answerOf<Answer>(tried: Tried<Answer>): Answer | undefined {
  return "answer" in tried ? tried.answer : undefined;
}

function isFatal(code: string): boolean {
  return /^(credentials-|clock-wrong|bucket-missing|wrong-region|network-down|tls-failed|not-s3)/.test(code);
}
