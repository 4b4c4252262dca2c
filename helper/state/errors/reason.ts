/** What a failure concerns: one photo, one folder, the whole run at its destination, or our own state on disk. */
export type ReasonScope = "photo" | "folder" | "destination" | "state";

/**
 * When it is worth trying again.
 * - `backoff`: by itself, after a growing and jittered wait (a longer `Retry-After` wins)
 * - `half-hourly`: by itself, every 30 minutes
 * - `on-change`: only once the photo, folder or settings changed, or when the person asks
 */
export type ReasonRetry = "backoff" | "half-hourly" | "on-change";

/** The one step that mends it, as the commands offer it. */
export type ReasonAction =
  | "wait"
  | "retry"
  | "open-preferences"
  | "choose-bucket"
  | "give-consent"
  | "choose-folder"
  | "open-privacy-settings"
  | "connect-volume"
  | "free-space"
  | "store-quota"
  | "show-in-finder"
  | "download-from-icloud"
  | "back-up-anyway"
  | "put-back"
  | "update"
  | "report";

export interface Reason {
  scope: ReasonScope;
  retry: ReasonRetry;
  action: ReasonAction;
  /** A few words, title case, for a row or a toast's title. */
  title: string;
  /** What happened, one sentence. */
  what: string;
  /** What to do, one sentence. */
  mend: string;
}
