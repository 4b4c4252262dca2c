import type { ReactNode } from "react";

export interface RecordedToast {
  style: string;
  title: string;
  message?: string;
  primaryAction?: { title: string; onAction(toast: unknown): void };
  secondaryAction?: { title: string; onAction(toast: unknown): void };
}

export interface RecordedAlert {
  title: string;
  message?: string;
  primaryAction?: { title: string; style?: string };
}

interface Recorder {
  toasts: RecordedToast[];
  huds: string[];
  alerts: RecordedAlert[];
  /** What `confirmAlert` answers, in turn; without one it answers no, as a person who closes it. */
  alertAnswers: boolean[];
  /** The names of the components pushed. */
  pushes: string[];
  /** Targets of `open`, Action.Open, Action.OpenInBrowser and Action.ShowInFinder. */
  opened: string[];
  clipboard: string[];
  launched: string[];
  /** Set to make `launchCommand` throw, as it does for a disabled command. */
  launchError: Error | undefined;
  preferencesOpened: number;
  preferences: Record<string, unknown>;
  /** What `getSelectedFinderItems` answers; undefined: Finder is not frontmost, and it rejects. */
  finderSelection: string[] | undefined;
  localStorage: Map<string, string>;
  cache: Map<string, string>;
  /** Set by the mounted navigation. */
  push: ((view: ReactNode) => void) | undefined;
  pop: (() => void) | undefined;
}

function nothingYet(): Recorder {
  return {
    toasts: [],
    huds: [],
    alerts: [],
    alertAnswers: [],
    pushes: [],
    opened: [],
    clipboard: [],
    launched: [],
    launchError: undefined,
    preferencesOpened: 0,
    preferences: {},
    finderSelection: undefined,
    localStorage: new Map(),
    cache: new Map(),
    push: undefined,
    pop: undefined,
  };
}

/** What the commands did to Raycast, and what Raycast answers them. `resetRaycast` before each test. */
export const raycast: Recorder = nothingYet();

/** Back to a Raycast that was just started, with nothing stored. */
export function resetRaycast(): void {
  Object.assign(raycast, nothingYet());
}
