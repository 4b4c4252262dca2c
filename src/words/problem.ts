import { BackupError } from "../../helper/state/errors/backup-error.ts";
import { reasons } from "../../helper/state/errors/reasons.ts";
import type { Reason } from "../../helper/state/errors/reason.ts";
import { HelperError } from "../helper-calls/helper-error.ts";

/** Something that went wrong, for a person: `title` in title case, `what` happened, what to do to `mend` it. */
export interface Problem {
  code: string;
  title: string;
  what: string;
  mend: string;
  detail?: string;
}

/** Whatever was thrown, in words; nothing is shown as "Something went wrong" where we know better. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HelperError) return error.problem;
  if (error instanceof BackupError) return reasonProblem(error.code, error.detail);
  const what = error instanceof Error ? error.message : String(error);
  return { code: "unknown", title: "Unknown Error", what, mend: "Try again; if it stays, report it with these words." };
}

/** A reason code of the helper in words; a code of a newer helper is shown with its detail. */
export function reasonProblem(code: string, detail?: string): Problem {
  const { title, what, mend } = reasonOf(code) ?? reasons.unknown;
  const shownDetail = detail ?? (reasonOf(code) ? undefined : code);
  return { code, title, what, mend, ...(shownDetail && { detail: shownDetail }) };
}

/** Undefined for a code this version does not know. */
export function reasonOf(code: string): Reason | undefined {
  return Object.hasOwn(reasons, code) ? reasons[code as keyof typeof reasons] : undefined;
}

/** "What happened. What to do. (detail)": the detail is for whoever is asked for help. */
export function problemWords({ what, mend, detail }: Problem): string {
  const words = `${what} ${mend}`.trim();
  return detail && !words.includes(detail) ? `${words} (${detail})` : words;
}
