import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startTerminal, type Terminal } from "./tmux-terminal.ts";

interface TermcastOptions {
  /** The copied extension, see prepareExtension. */
  extensionDir: string;
  /** A short temporary folder of this run. */
  workDir: string;
  projectDir: string;
  /** What the program sees, HOME and PATH included. */
  env: Record<string, string>;
  /** Where the text of each saved screen goes. */
  screensDir: string;
}

/** The extension as a person has it in front of them: commands, forms, actions. */
export interface Termcast extends Terminal {
  /** Goes to the list of commands and opens one by its title. */
  openCommand(title: string): Promise<void>;
  /** Escape until the list of commands is there. */
  goHome(): Promise<void>;
  /** Fills a form's fields (empty ones) from the focused one on, undefined leaves one as it is. */
  fillForm(values: (string | undefined)[]): Promise<void>;
  /** Types a path into the focused file picker and takes it. */
  chooseFolder(path: string): Promise<void>;
  /** Goes to the checkbox of this title with Tab and ticks it. */
  tickCheckbox(title: string): Promise<void>;
  /**
   * Opens the actions, finds one by its title and runs it. This is also how a form with a checkbox or file picker is
   * submitted: termcast gives Ctrl-Enter to the focused field as well, which would untick it.
   */
  runAction(title: string, atTheLastMoment?: () => void): Promise<void>;
  /** Types into the search bar of the list that is open, and waits until its first row has this text. */
  searchRow(text: string): Promise<void>;
  /** The titles in the actions' panel and of its sections, in order, as far as they fit without scrolling. */
  listActions(): Promise<string[]>;
  /** Clicks on a text on the screen: how termcast's alerts are confirmed. */
  clickOn(text: string): Promise<void>;
  /** Saves what is on the screen under a name, once it has stood still, and gives it. */
  saveScreen(name: string): Promise<string>;
}

const columns = 160;
const rows = 50;
/** termcast draws again some time after each key; a key sent in between gets lost. */
const SETTLE_MS = 300;

/** Starts the extension in termcast and waits for the list of its commands. Rejects with the screen where it does not come. */
export async function startTermcast(options: TermcastOptions): Promise<Termcast> {
  const { extensionDir, workDir, projectDir, env, screensDir } = options;
  mkdirSync(screensDir, { recursive: true });
  const binDir = join(workDir, "fake-bin");
  writeFakeDesktop(binDir);
  const termcastBin = join(projectDir, "tests", "termcast", "node_modules", ".bin");
  const termcast = join(termcastBin, "termcast");
  if (!existsSync(termcast)) throw new Error("termcast is not installed: run scripts/ensure-termcast.sh");
  const path = [binDir, termcastBin, join(projectDir, "node_modules", ".bin"), env.PATH ?? "/usr/bin:/bin"].join(":");
  const terminal = await startTerminal({
    dir: workDir,
    command: [termcast, "dev", extensionDir],
    cwd: extensionDir,
    // With app mode, an Escape too many does nothing; else it would end termcast.
    env: { ...env, PATH: path, TERMCAST_APP_MODE: "1", TERM: "xterm-256color", LANG: "C.UTF-8" },
    columns,
    rows,
  });
  try {
    await terminal.waitFor(isHome, "the list of commands", 60_000);
  } catch (error) {
    await terminal.close();
    throw error;
  }
  return { ...terminal, ...gestures(terminal, screensDir) };
}

function isHome(screen: string): boolean {
  return /Search commands/.test(screen) && /^\s*Commands$/m.test(screen);
}

function gestures(terminal: Terminal, screensDir: string): Omit<Termcast, keyof Terminal> {
  const { screen, press, type, waitFor, click } = terminal;
  let saved = 0;

  const goHome = async () => {
    for (let tries = 0; tries < 12 && !isHome(await screen()); tries += 1) {
      await press("Escape");
      await waitFor(isHome, "the list of commands", 1500).catch(() => undefined);
    }
    await waitFor(isHome, "the list of commands");
  };
  const saveScreen = async (name: string) => {
    const text = await steadyScreen(screen);
    saved += 1;
    writeFileSync(join(screensDir, `${String(saved).padStart(2, "0")}-${name}.txt`), text);
    return text;
  };
  const openActions = async () => {
    await delay(SETTLE_MS);
    await press("C-k");
    return waitFor(/Search actions/, "the actions");
  };
  const typeIntoField = async (value: string) => {
    const isThere = (text: string) => text.includes(value) || new RegExp(`│ +\\*{${value.length}}$`, "m").test(text);
    // A password's characters get lost when they come faster than termcast draws.
    for (const msPerCharacter of [80, 200, 400]) {
      await type(value, msPerCharacter);
      const isTyped = await waitFor(isThere, "what was typed", 2000).catch(() => undefined);
      if (isTyped) return;
      for (let left = value.length; left > 0; left -= 1) await press("BSpace");
    }
    throw new Error(`A field does not take what is typed:\n${await screen()}`);
  };
  return {
    goHome,
    openCommand: async (title) => {
      await goHome();
      await type(title);
      await waitFor(selected(title), `the command ${title}`);
      await delay(SETTLE_MS);
      await press("Enter");
      await waitFor((text) => !/Search commands|^ *> .*\n\n *Commands$/m.test(text), `${title} to open`);
    },
    fillForm: async (values) => {
      for (const [index, value] of values.entries()) {
        if (index > 0) await press("Tab");
        await delay(SETTLE_MS);
        if (value !== undefined) await typeIntoField(value);
      }
    },
    chooseFolder: async (path) => {
      await type(path, 60);
      await waitFor(/Filter: /, "the folders to choose from");
      await delay(SETTLE_MS);
      await press("Enter");
      await waitFor((text) => text.includes(`• ${path}`), `${path} to be chosen`);
    },
    tickCheckbox: async (title) => {
      const focused = new RegExp(`◆ +${escaped(title)}`);
      for (let tabs = 0; tabs < 12 && !focused.test(await screen()); tabs += 1) {
        await press("Tab");
        await delay(SETTLE_MS);
      }
      await waitFor(focused, `the checkbox ${title}`, 1000);
      await press("Space");
      await waitFor(new RegExp(`${focused.source}\\s+│ +●`), `${title} to be ticked`);
    },
    runAction: async (title, atTheLastMoment) => {
      await openActions();
      await type(title);
      await waitFor(selected(title), `the action ${title}`);
      await delay(SETTLE_MS);
      atTheLastMoment?.();
      await press("Enter");
      await waitFor((text) => !/^ *│ +Actions +esc/m.test(text), "the actions to close");
    },
    searchRow: async (text) => {
      await type(text, 60);
      await waitFor(selected(text), `the row ${text}`);
    },
    listActions: async () => {
      await openActions();
      const titles = actionTitles(await saveScreen("actions"));
      await press("Escape");
      await waitFor((text) => !/Search actions/.test(text), "the actions to close");
      return titles;
    },
    clickOn: async (text) => {
      const lines = (await waitFor(new RegExp(escaped(text)), `"${text}"`)).split("\n");
      const row = lines.findLastIndex((line) => line.includes(text));
      await click((lines[row] ?? "").indexOf(text) + 2, row + 1);
      await delay(SETTLE_MS);
    },
    saveScreen,
  };
}

/** The screen once two looks in a row see the same; what moves all the time is taken as it is after 3 s. */
async function steadyScreen(screen: () => Promise<string>): Promise<string> {
  let last = await screen();
  for (let looks = 0; looks < 10; looks += 1) {
    await delay(SETTLE_MS);
    const now = await screen();
    if (now === last) break;
    last = now;
  }
  return last;
}

/** The rows inside the panel's frame up to termcast's own "Settings", without icons and key symbols. */
function actionTitles(panel: string): string[] {
  const inside = panel.split("\n").map((line) => /│([^│]*)│[^│]*$/.exec(line)?.[1]?.trim() ?? "");
  const to = inside.findIndex((line) => line === "Settings" || line.startsWith("↵ select"));
  // Over an empty view termcast draws its own panel below ours, and ours without its head.
  const from = inside.slice(0, to).findIndex((line) => line.includes("Search actions"));
  return inside
    .slice(from + 1, to < 0 ? undefined : to)
    .map((line) => line.replace(/^›?\s*(?:[^\p{L}\p{N}]+\s)?/u, "").replace(/\s{2,}.*$/, ""))
    .filter(Boolean);
}

/** The row the keyboard is on, with its icon or without. */
function selected(title: string): RegExp {
  return new RegExp(`›\\s*(?:[^\\p{L}\\p{N}\\s]+\\s+)?${escaped(title)}`, "u");
}

/** Without xclip, Copy to Clipboard ends the whole process; xdg-open would open a browser. */
function writeFakeDesktop(binDir: string): void {
  mkdirSync(binDir, { recursive: true });
  for (const [name, script] of [
    ["xclip", "cat > /dev/null"],
    ["xdg-open", "exit 0"],
  ] as const) {
    writeFileSync(join(binDir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(binDir, name), 0o755);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
