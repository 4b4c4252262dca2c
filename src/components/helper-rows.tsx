import { List } from "@raycast/api";
import type { ReactElement } from "react";
import { conditionalWriteWords } from "../../helper/state/files/conditional-write-words.ts";
import type { Status } from "../../helper/state/files/status.ts";
import type { AgentAnswer } from "../hooks/use-agent-state.ts";
import { icons, toneIcons, type Tone } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import type { Headline } from "../words/headline.ts";
import { countOf } from "../words/count-of.ts";
import { placeWords } from "../words/place-words.ts";
import { timeAgo } from "../words/time-ago.ts";

interface HelperRowsProps {
  overview: Overview;
  agent: AgentAnswer | undefined;
  /** What the headline says already is not said again. */
  shown: Headline;
  nowMs: number;
  actions: ReactElement;
}

/** Where photos go, and the program that takes them there. */
export function HelperRows({ overview, agent, shown, nowMs, actions }: HelperRowsProps) {
  const { settings, status, uploadsLeftOpen, isAlive } = overview;
  const running = isAlive ? status : undefined;
  const background = backgroundWords(agent, running);
  return (
    <List.Section title="Backup">
      {settings && (
        <List.Item
          icon={icons.bucket}
          title="Bucket"
          subtitle={settings.destination ? placeWords(settings.destination) : "None chosen yet"}
          accessories={settings.destination && !settings.consent ? [{ text: "not agreed yet" }] : []}
          actions={actions}
        />
      )}
      {status && (
        <List.Item
          icon={icons.bucket}
          title="Never Overwritten"
          subtitle={sentence(conditionalWriteWords(overview.capabilities))}
          actions={actions}
        />
      )}
      {status && (
        <List.Item
          icon={icons.catalogue}
          title="Catalogue in the Bucket"
          subtitle={catalogueWords(status)}
          accessories={
            status.catalogue
              ? [
                  {
                    text: timeAgo(status.catalogue.storedAt, nowMs),
                    tooltip: "The last time something was added to it",
                  },
                ]
              : []
          }
          actions={actions}
        />
      )}
      {uploadsLeftOpen > 0 && (
        <List.Item
          icon={toneIcons.waiting}
          title={`${countOf(uploadsLeftOpen, "unfinished upload")} left in the bucket`}
          subtitle="No photo is missing for it. Allow the access key s3:AbortMultipartUpload, and the next backup tidies up."
          actions={actions}
        />
      )}
      {background.title !== shown.title && (
        <List.Item
          icon={toneIcons[background.tone]}
          title={background.title}
          subtitle={background.subtitle}
          accessories={running ? [{ text: `started ${timeAgo(running.startedAt, nowMs)}` }] : []}
          actions={actions}
        />
      )}
    </List.Section>
  );
}

/** What outlives this Mac, said quietly: nobody has to do anything about it. */
function catalogueWords({ catalogue }: Status): string {
  if (!catalogue) return "Not stored yet; it comes within minutes of the first photos.";
  return "Every path, date and older version, readable without this Mac.";
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

interface BackgroundWords {
  title: string;
  subtitle: string;
  tone: Tone;
}

/** One row for one fact: whether a helper runs now, and whether one will tomorrow. */
function backgroundWords(agent: AgentAnswer | undefined, running: Status | undefined): BackgroundWords {
  const now = running ? runWords(running.mode) : "No helper is running.";
  const tone: Tone = running ? "good" : "off";
  if (!agent) return { title: running ? "Helper Is Running" : "Helper", subtitle: now, tone };
  if ("problem" in agent) {
    return { title: "Background Backup Unknown", subtitle: `${agent.problem.what} ${now}`, tone: "attention" };
  }
  const { installed, loginItem, available } = agent.state;
  if (!available) {
    return { title: "No Background Backup Here", subtitle: `It needs macOS and its launchd. ${now}`, tone };
  }
  if (!installed && running) return { title: "Helper Is Running", subtitle: now, tone };
  if (!installed) return { title: "Background Backup Is Off", subtitle: "New photos are not backed up.", tone };
  if (loginItem === "off") {
    const subtitle = "Switch it on again under General > Login Items & Extensions.";
    return { title: "Switched Off in System Settings", subtitle, tone: "attention" };
  }
  const on: BackgroundWords = { title: "Background Backup Is On", subtitle: now, tone };
  if (running) return on;
  if (agent.state.running) return { ...on, subtitle: "The helper has been started and has not reported yet." };
  return {
    title: "Helper Is Not Running",
    subtitle: "Background backup is on, so it should be: turn it on once more.",
    tone: "attention",
  };
}

function runWords(mode: "daemon" | "cli"): string {
  if (mode === "cli") return "A backup runs from the command line, once.";
  return "The helper is running, also while Raycast is closed.";
}
