import { List } from "@raycast/api";
import type { ReactElement } from "react";
import type { Settings } from "../../helper/state/files/settings.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { icons, toneIcons } from "../palette.ts";
import { countOf, number } from "../words/count-of.ts";
import { countsWords, isNeverCounted, lostWords, type Headline } from "../words/headline.ts";

interface PhotoRowsProps {
  status: Status;
  settings: Settings | undefined;
  lostEverywhere: number;
  isAlive: boolean;
  /** What the headline says already is not said again. */
  shown: Headline;
  actions: ReactElement;
}

/** The photos on disk as they were last counted, by what became of them. */
export function PhotoRows({ status, settings, lostEverywhere, isAlive, shown, actions }: PhotoRowsProps) {
  const { counts } = status;
  const { waiting, failed, deferred, unreadableFolders } = counts;
  const lost = status.lost ?? 0;
  const others = waiting + deferred + counts.leftAlone + lost + lostEverywhere;
  // What a helper that is gone last counted is no statement about now.
  const isCountedNow = isAlive || isNeverCounted(status);
  const backedUp = isCountedNow
    ? countsWords(status, settings)
    : `${number(counts.backedUp)} of ${countOf(counts.onDisk, "photo")} backed up when last counted`;
  const row = (title: string, subtitle: string, tone: "attention" | "waiting") => (
    <List.Item key={title} icon={toneIcons[tone]} title={title} subtitle={subtitle} actions={actions} />
  );
  const isSaid = backedUp === shown.title || backedUp === shown.subtitle;
  if (isSaid && failed + unreadableFolders + others === 0) return null;
  return (
    <List.Section title="Photos">
      {!isSaid && <List.Item icon={icons.photo} title={backedUp} actions={actions} />}
      {failed > 0 && row(`${countOf(failed, "photo")} failed`, "View Failures tells which and why.", "attention")}
      {unreadableFolders > 0 &&
        row(
          `${countOf(unreadableFolders, "folder")} could not be read`,
          "Photos in there are not counted.",
          "attention",
        )}
      {lost > 0 &&
        row(`${countOf(lost, "photo")} gone from the bucket`, "To be sent again from this Mac.", "attention")}
      {lostEverywhere > 0 &&
        row(
          lostWords(lostEverywhere),
          "Put a copy back where it was, and it is sent again. View Failures tells which.",
          "attention",
        )}
      {waiting > 0 && row(`${countOf(waiting, "photo")} waiting`, "To be uploaded, one at a time.", "waiting")}
      {deferred > 0 && row(`${countOf(deferred, "photo")} left for later`, "In iCloud or still changing.", "waiting")}
      {counts.leftAlone > 0 && (
        <List.Item
          icon={icons.leftAlone}
          title={`${countOf(counts.leftAlone, "other file")} left alone`}
          subtitle={extensionWords(counts.leftAloneByExtension)}
          actions={actions}
        />
      )}
    </List.Section>
  );
}

/** ".txt 1,204, .zip 12": the most first. */
function extensionWords(byExtension: Record<string, number>): string {
  return Object.entries(byExtension)
    .sort(([, a], [, b]) => b - a)
    .map(([extension, count]) => `${extensionName(extension)} ${number(count)}`)
    .join(", ");
}

function extensionName(extension: string): string {
  if (extension === "") return "without extension";
  return extension.startsWith(".") ? extension : `.${extension}`;
}
