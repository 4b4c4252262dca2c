import { List } from "@raycast/api";
import type { ReactElement } from "react";
import type { Status } from "../../helper/state/files/status.ts";
import type { Verification } from "../../helper/state/files/verification.ts";
import { icons } from "../palette.ts";
import { provenWords } from "../words/proven-words.ts";
import { timeAgo } from "../words/time-ago.ts";

interface TimeRowsProps {
  status: Status;
  verification: Verification | undefined;
  nowMs: number;
  actions: ReactElement;
}

/** Times that are easily taken for each other, each with what it means. */
export function TimeRows({ status, verification, nowMs, actions }: TimeRowsProps) {
  const rows = [
    {
      title: "Last Backup",
      time: status.lastBackup,
      meaning: "The last time all photos were in the bucket",
    },
    {
      title: "Last Proven Restorable",
      time: verification?.presence?.at,
      meaning: provenWords(verification, status, nowMs),
    },
    { title: "Last Scan", time: status.lastScan, meaning: "The folders were looked through, whatever was found" },
    { title: "Last Upload", time: status.lastUpload, meaning: "The bucket confirmed a photo" },
  ];
  return (
    <List.Section title="Last Time">
      {rows.map(({ title, time, meaning }) => (
        <List.Item
          key={title}
          icon={icons.clock}
          title={title}
          subtitle={meaning}
          accessories={[
            time ? { text: timeAgo(time, nowMs), tooltip: new Date(time).toLocaleString() } : { text: "never" },
          ]}
          actions={actions}
        />
      ))}
    </List.Section>
  );
}
