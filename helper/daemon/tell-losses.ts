import type { Notifier } from "../notify/notify.ts";
import type { Settings } from "../state/files/settings.ts";

/** One notification for however many photos a verification found gone or changed. */
export async function tellLosses(notifier: Notifier, settings: Settings, { lost }: { lost: number }): Promise<void> {
  if (lost === 0 || !settings.notifications) return;
  const photos = lost === 1 ? "1 photo is" : `${lost.toLocaleString("en-US")} photos are`;
  await notifier.notify({
    key: "losses",
    title: `${photos} no longer in the bucket as uploaded`,
    body: "What is on this Mac is sent again. View Failures shows what is not.",
  });
}
