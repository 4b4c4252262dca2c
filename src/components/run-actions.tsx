import { Action } from "@raycast/api";
import { askHelper } from "../actions/ask-helper.ts";
import { setPaused } from "../actions/set-paused.ts";
import { turnBackgroundBackupOff, turnBackgroundBackupOn } from "../actions/turn-background-backup.ts";
import type { AgentAnswer } from "../hooks/use-agent-state.ts";
import { icons } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import { actionTitles } from "../words/action-titles.ts";

interface RunActionsProps {
  overview: Overview | undefined;
  agent: AgentAnswer | undefined;
  /** Gives the handler that does the work and then looks again. */
  then: (work: () => Promise<void>) => () => void;
}

/** Starting and stopping. What stops something never comes first: Enter is pressed by accident. */
export function RunActions({ overview, agent, then }: RunActionsProps) {
  const isOn = agent && "state" in agent && agent.state.installed;
  const turnOn = (
    <Action
      key="on"
      title={actionTitles.turnOn}
      icon={icons.turnOn}
      onAction={then(async () => void (await turnBackgroundBackupOn()))}
    />
  );
  const turnOff = (
    <Action key="off" title={actionTitles.turnOff} icon={icons.turnOff} onAction={then(turnBackgroundBackupOff)} />
  );
  const isPaused = overview?.settings?.paused;
  return (
    <>
      {overview && !overview.isAlive && turnOn}
      {isPaused && <Action title="Resume" icon={icons.resume} onAction={then(() => setPaused(false))} />}
      <Action
        title={actionTitles.backUpNow}
        icon={icons.backUp}
        onAction={then(() => askHelper({ kind: "back-up-now" }, "Looking for New Photos"))}
      />
      {overview?.settings?.destination && (
        <Action
          title="Verify Now"
          icon={icons.verify}
          onAction={then(() => askHelper({ kind: "verify" }, "Comparing the Bucket with the Backup"))}
        />
      )}
      {!isPaused && <Action title="Pause" icon={icons.pause} onAction={then(() => setPaused(true))} />}
      {isOn ? turnOff : overview?.isAlive && turnOn}
    </>
  );
}
