import { MenuBarExtra } from "@raycast/api";
import { basename } from "node:path";
import prettyBytes from "pretty-bytes";
import type { Status } from "../../helper/state/files/status.ts";
import { lossesOf } from "../../helper/state/files/verification-share.ts";
import type { Verification } from "../../helper/state/files/verification.ts";
import { askHelper } from "../actions/ask-helper.ts";
import { openCommand } from "../actions/open-command.ts";
import { setPaused } from "../actions/set-paused.ts";
import { turnBackgroundBackupOn } from "../actions/turn-background-backup.ts";
import { icons, toneIcons } from "../palette.ts";
import { countOf } from "../words/count-of.ts";
import { countsWords, lostWords, type Headline } from "../words/headline.ts";
import type { Problem } from "../words/problem.ts";
import { provenWords } from "../words/proven-words.ts";
import { shortTimeAgo } from "../words/time-ago.ts";
import { actionTitles } from "../words/action-titles.ts";

interface MenuBarItemsProps {
  sources: { status?: Status; verification?: Verification; lostEverywhere: number; isAlive: boolean };
  problem: Problem | undefined;
  shown: Headline;
  nowMs: number;
}

/** The menu: how it stands, what failed, what can be done. */
export function MenuBarItems({ sources, problem, shown, nowMs }: MenuBarItemsProps) {
  const { status, isAlive } = sources;
  const nothing = () => undefined;
  return (
    <>
      <MenuBarExtra.Section title={status ? `Updated ${shortTimeAgo(status.heartbeatAt, nowMs)}` : "Photolala Backup"}>
        {problem && <MenuBarExtra.Item icon={toneIcons.attention} title={problem.what} onAction={nothing} />}
        <MenuBarExtra.Item
          icon={toneIcons[shown.tone]}
          title={shown.title}
          subtitle={shown.subtitle}
          onAction={() => openCommand("show-status")}
        />
        {status && <StatusItems {...sources} status={status} shown={shown} nowMs={nowMs} />}
      </MenuBarExtra.Section>
      <MenuBarExtra.Section>
        {isAlive ? (
          <RunItems isPaused={status?.activity === "paused"} />
        ) : (
          <MenuBarExtra.Item
            icon={icons.turnOn}
            title={actionTitles.turnOn}
            onAction={() => void turnBackgroundBackupOn()}
          />
        )}
      </MenuBarExtra.Section>
      <MenuBarExtra.Section>
        <MenuBarExtra.Item icon={icons.status} title="Show Status" onAction={() => openCommand("show-status")} />
        <MenuBarExtra.Item
          icon={icons.folder}
          title={actionTitles.backUpFolder}
          onAction={() => openCommand("back-up-folder")}
        />
      </MenuBarExtra.Section>
    </>
  );
}

interface StatusItemsProps {
  status: Status;
  verification?: Verification;
  lostEverywhere: number;
  isAlive: boolean;
  shown: Headline;
  nowMs: number;
}

function StatusItems({ status, verification, lostEverywhere, isAlive, shown, nowMs }: StatusItemsProps) {
  const { current, lastBackup, counts } = status;
  const notBackedUp = counts.failed + counts.unreadableFolders;
  const counted = countsWords(status);
  const hasNoFolders = status.health.code === "no-folders";
  const openStatus = () => openCommand("show-status");
  return (
    <>
      {isAlive && current && (
        <MenuBarExtra.Item
          icon={icons.photo}
          title={basename(current.path)}
          subtitle={`${prettyBytes(current.sentBytes)} of ${prettyBytes(current.sizeBytes)}`}
          onAction={openStatus}
        />
      )}
      {isAlive && !hasNoFolders && counted !== shown.title && counted !== shown.subtitle && (
        <MenuBarExtra.Item icon={icons.photo} title={counted} onAction={openStatus} />
      )}
      <MenuBarExtra.Item
        icon={icons.clock}
        title={`Last backup: ${lastBackup ? shortTimeAgo(lastBackup, nowMs) : "never"}`}
        onAction={openStatus}
      />
      {verification?.presence && (
        <MenuBarExtra.Item
          icon={lossesOf(verification) > 0 ? toneIcons.attention : icons.clock}
          title={`Last proven restorable: ${shortTimeAgo(verification.presence.at, nowMs)}`}
          subtitle={provenWords(verification, status, nowMs)}
          onAction={openStatus}
        />
      )}
      {notBackedUp > 0 && (
        <MenuBarExtra.Item
          icon={toneIcons.attention}
          title={failureWords(counts)}
          onAction={() => openCommand("view-failures")}
        />
      )}
      {lostEverywhere > 0 && (
        <MenuBarExtra.Item
          icon={toneIcons.attention}
          title={lostWords(lostEverywhere)}
          onAction={() => openCommand("view-failures")}
        />
      )}
    </>
  );
}

function failureWords({ failed, unreadableFolders }: Status["counts"]): string {
  const photos = failed > 0 ? `${countOf(failed, "photo")} failed` : "";
  const folders = unreadableFolders > 0 ? `${countOf(unreadableFolders, "folder")} could not be read` : "";
  return [photos, folders].filter(Boolean).join(", ");
}

function RunItems({ isPaused }: { isPaused: boolean }) {
  return (
    <>
      {isPaused ? (
        <MenuBarExtra.Item icon={icons.resume} title="Resume" onAction={() => setPaused(false)} />
      ) : (
        <MenuBarExtra.Item icon={icons.pause} title="Pause" onAction={() => setPaused(true)} />
      )}
      <MenuBarExtra.Item
        icon={icons.backUp}
        title={actionTitles.backUpNow}
        onAction={() => askHelper({ kind: "back-up-now" }, "Looking for New Photos")}
      />
    </>
  );
}
