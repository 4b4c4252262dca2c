import type { RunSummary } from "../backup/run-summary.ts";
import type { Notifier } from "../notify/notify.ts";
import type { BackupError } from "../state/errors/backup-error.ts";
import type { Settings } from "../state/files/settings.ts";

/** One notification a cause, never one a photo; a passing outage is nobody's business. */
export async function tellPerson(
  notifier: Notifier,
  settings: Settings,
  news: { error: BackupError } | { summary: RunSummary },
): Promise<void> {
  if (!settings.notifications) return;
  if ("error" in news) {
    const { code, detail, reason } = news.error;
    // A full disk, or a folder that cannot be written, is tried again by itself, but does not get over by itself.
    const passes = reason.retry === "backoff" && (reason.scope !== "state" || reason.action === "wait");
    if (passes) return;
    const what = code === "permission-denied" && detail ? `${reason.what} (${detail})` : reason.what;
    const body = `${what} ${reason.mend}`;
    return notifier.notify({ key: `held:${code}`, title: `Backup stopped: ${reason.title}`, body });
  }
  await notifier.settle("held");
  const { failed } = news.summary;
  if (failed === 0) return notifier.settle("failures");
  const title =
    failed === 1 ? "1 photo is not backed up" : `${failed.toLocaleString("en-US")} photos are not backed up`;
  await notifier.notify({ key: "failures", title, body: "View Failures shows which, why, and what mends it." });
}
