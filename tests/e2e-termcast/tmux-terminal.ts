import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { startGuardedProcess, type GuardedProcess } from "../support/servers/start-guarded-process.ts";

const run = promisify(execFile);

export interface TerminalOptions {
  /** A short folder for the socket: its path may have 100 bytes at most. */
  dir: string;
  command: string[];
  cwd: string;
  env: Record<string, string>;
  columns: number;
  rows: number;
}

/** A program on a screen of its own, in a tmux server of its own. */
export interface Terminal {
  /** What the screen shows now, without trailing spaces. */
  screen(): Promise<string>;
  /** Keys by tmux's names ("Enter", "C-k"), one after the other. */
  press(...keys: string[]): Promise<void>;
  /** Text as typed by a person, a character at a time. */
  type(text: string, msPerCharacter?: number): Promise<void>;
  /** Waits until the screen matches, and gives it. Rejects with the screen in its words when time is over. */
  waitFor(wanted: RegExp | ((screen: string) => boolean), what: string, timeoutMs?: number): Promise<string>;
  /** A left click on a cell, counted from 1. */
  click(column: number, row: number): Promise<void>;
  /** Ends the program and everything it started, and the tmux server. */
  close(): Promise<void>;
}

/** Starts a program in tmux; neither outlives this process, however it ends. Rejects where there is no tmux. */
export async function startTerminal({ dir, command, cwd, env, columns, rows }: TerminalOptions): Promise<Terminal> {
  const socketDir = join(dir, "tmux");
  const socket = join(socketDir, "socket");
  mkdirSync(socketDir);
  // -D keeps the server in the foreground, so that the guard can end it.
  const server = startGuardedProcess({ command: ["tmux", "-S", socket, "-f", "/dev/null", "-D"], env, dir: socketDir });
  const tmux = (...args: string[]) => run("tmux", ["-S", socket, ...args], { env, cwd });
  while (!existsSync(socket) && !server.hasEnded) await delay(20);
  if (server.hasEnded) throw new Error(`tmux did not start: ${await server.ended}`);

  const size = ["-x", String(columns), "-y", String(rows)];
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  // termcast outlives the hang-up that it gets when tmux was ended by force, so its shell ends it then.
  const shellCommand = `exec 3<&0; ${words} <&3 3<&- & pid=$!; trap 'kill -9 $pid' HUP TERM; wait $pid`;
  // The error of a program that ends at once would vanish with its screen, so the screen stays.
  const settings = ["set-option", "-g", "remain-on-exit", "on", ";"];
  await tmux(...settings, "new-session", "-d", ...size, "-c", cwd, shellCommand);

  const screen = async () => (await tmux("capture-pane", "-p")).stdout.replace(/[ \t]+$/gm, "").replace(/\n+$/, "\n");
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await tmux("send-keys", key);
      await delay(80);
    }
  };
  return {
    screen,
    press,
    type: async (text, msPerCharacter = 20) => {
      for (const character of text) {
        await tmux("send-keys", "-l", character);
        await delay(msPerCharacter);
      }
    },
    waitFor: async (wanted, what, timeoutMs = 15_000) => {
      const matches = (text: string) => (wanted instanceof RegExp ? wanted.test(text) : wanted(text));
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const text = await screen();
        if (matches(text)) return text;
        if (/^Pane is dead \(/m.test(text)) throw new Error(`The program ended:\n${await lastWords(tmux)}`);
        if (performance.now() > deadline)
          throw new Error(`Waited ${timeoutMs} ms for ${what}; the screen shows:\n${text}`);
        await delay(100);
      }
    },
    click: async (column, row) => {
      await tmux("send-keys", "-l", `\u001b[<0;${column};${row}M\u001b[<0;${column};${row}m`);
    },
    close: () => endTmux(tmux, server),
  };
}

async function lastWords(tmux: Tmux): Promise<string> {
  const { stdout } = await tmux("capture-pane", "-p", "-S", "-");
  return stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-30)
    .join("\n");
}

type Tmux = (...args: string[]) => Promise<{ stdout: string }>;

async function endTmux(tmux: Tmux, server: GuardedProcess): Promise<void> {
  const panes = (await tmux("list-panes", "-a", "-F", "#{pane_pid}").catch(() => ({ stdout: "" }))).stdout;
  const started = panes
    .split("\n")
    .filter(Boolean)
    .flatMap((pid) => withDescendants(Number(pid)));
  await tmux("kill-server").catch(() => undefined);
  await server.close();
  const deadline = performance.now() + 3000;
  while (started.some(isRunning) && performance.now() < deadline) await delay(50);
  for (const pid of started.filter(isRunning)) process.kill(pid, "SIGKILL");
  while (started.some(isRunning)) await delay(20);
}

function withDescendants(pid: number): number[] {
  const children = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child = 0]) => child);
  return [pid, ...children.flatMap(withDescendants)];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
