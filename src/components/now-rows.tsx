import { List } from "@raycast/api";
import { basename } from "node:path";
import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";
import type { ReactElement } from "react";
import type { Status } from "../../helper/state/files/status.ts";
import { icons, toneIcons } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import { countOf } from "../words/count-of.ts";
import type { Headline } from "../words/headline.ts";
import { problemWords } from "../words/problem.ts";
import { timeAgo } from "../words/time-ago.ts";

interface NowRowsProps {
  overview: Overview;
  shown: Headline;
  nowMs: number;
  actions: ReactElement;
}

/** What is going on at this moment, and what could not be read of it. */
export function NowRows({ overview, shown, nowMs, actions }: NowRowsProps) {
  const { status, isAlive, problems } = overview;
  const { title, subtitle, tone } = shown;
  const updated = status && `updated ${timeAgo(status.heartbeatAt, nowMs)}`;
  return (
    <List.Section title="Now">
      {problems.map((problem) => (
        <List.Item
          key={problem.title}
          icon={toneIcons.attention}
          title={problem.title}
          subtitle={problemWords(problem)}
          actions={actions}
        />
      ))}
      <List.Item
        icon={toneIcons[tone]}
        title={title}
        subtitle={subtitle}
        accessories={updated ? [{ text: updated }] : []}
        actions={actions}
      />
      {status && isAlive && <CurrentRow status={status} actions={actions} />}
      {status && isAlive && <QueueRow status={status} actions={actions} />}
    </List.Section>
  );
}

function CurrentRow({ status: { current }, actions }: { status: Status; actions: ReactElement }) {
  if (!current) return null;
  const { path, sizeBytes, sentBytes } = current;
  const percent = sizeBytes > 0 ? `${Math.floor((sentBytes / sizeBytes) * 100)}%` : "";
  return (
    <List.Item
      icon={icons.photo}
      title={basename(path)}
      subtitle={`${prettyBytes(sentBytes)} of ${prettyBytes(sizeBytes)}`}
      accessories={percent ? [{ text: percent, tooltip: path }] : []}
      actions={actions}
    />
  );
}

function QueueRow({ status, actions }: { status: Status; actions: ReactElement }) {
  const { queue, speedBytesPerSecond, secondsLeft } = status;
  if (queue.photos === 0) return null;
  const accessories = [
    speedBytesPerSecond > 0 && { text: `${prettyBytes(speedBytesPerSecond)}/s` },
    secondsLeft !== undefined && {
      text: `${prettyMilliseconds(secondsLeft * 1000, { unitCount: 2, secondsDecimalDigits: 0 })} left`,
    },
  ].filter((accessory) => accessory !== false);
  return (
    <List.Item
      icon={icons.queue}
      title={`${countOf(queue.photos, "photo")} in the queue`}
      subtitle={prettyBytes(queue.bytes)}
      accessories={accessories}
      actions={actions}
    />
  );
}
