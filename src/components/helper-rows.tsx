import { List } from "@raycast/api";
import type { ReactElement } from "react";
import type { AgentAnswer } from "../hooks/use-agent-state.ts";
import { icons, toneIcons, type Tone } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import { placeWords } from "../words/place-words.ts";
import { timeAgo } from "../words/time-ago.ts";

interface HelperRowsProps {
  overview: Overview;
  agent: AgentAnswer | undefined;
  nowMs: number;
  actions: ReactElement;
}

/** Where photos go, and the program that takes them there. */
export function HelperRows({ overview, agent, nowMs, actions }: HelperRowsProps) {
  const { settings, status, isAlive } = overview;
  const background = backgroundWords(agent);
  const running = status && isAlive;
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
      <List.Item
        icon={running ? toneIcons.good : toneIcons.off}
        title={running ? "Helper Is Running" : "Helper Is Not Running"}
        subtitle={running ? runWords(status.mode) : undefined}
        accessories={running ? [{ text: `started ${timeAgo(status.startedAt, nowMs)}` }] : []}
        actions={actions}
      />
      {background && (
        <List.Item
          icon={toneIcons[background.tone]}
          title={background.title}
          subtitle={background.subtitle}
          actions={actions}
        />
      )}
    </List.Section>
  );
}

function runWords(mode: "daemon" | "cli"): string {
  return mode === "daemon" ? "In the background, also while Raycast is closed" : "Once, from the command line";
}

interface BackgroundWords {
  title: string;
  subtitle: string;
  tone: Tone;
}

function backgroundWords(agent: AgentAnswer | undefined): BackgroundWords | undefined {
  if (!agent) return undefined;
  if ("problem" in agent) {
    return { title: "Background Backup Unknown", subtitle: agent.problem.what, tone: "attention" };
  }
  const { installed, loginItem, available } = agent.state;
  if (!available) {
    return { title: "No Background Backup Here", subtitle: "It needs macOS and its launchd.", tone: "off" };
  }
  if (!installed) {
    return { title: "Background Backup Is Off", subtitle: "Nothing runs when you log in.", tone: "off" };
  }
  if (loginItem === "off") {
    const subtitle = "Switch it on again under General > Login Items & Extensions.";
    return { title: "Switched Off in System Settings", subtitle, tone: "attention" };
  }
  return { title: "Background Backup Is On", subtitle: "The helper starts when you log in.", tone: "good" };
}
