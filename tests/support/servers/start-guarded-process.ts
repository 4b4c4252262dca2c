import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * The shell keeps the server's life tied to ours: when its standard input ends, because `close` was called or because
 * this process died in whatever way, it kills the server by pid and removes the folder. Its own session keeps a
 * Ctrl-C at the terminal from ending the shell before it has cleaned up. The shell itself writes nothing: its "Killed"
 * on a pipe that nobody reads anymore would end it by SIGPIPE before it removes the folder.
 */
const guardScript = `
dir=$1; shift
exec 3<&0 4>&2 2>/dev/null
"$@" </dev/null 2>&4 3<&- 4>&- &
server=$!
( read -r _ <&3; kill -9 "$server" 2>/dev/null ) >/dev/null 2>&1 &
guard=$!
exec 3<&- 4>&-
wait "$server"; status=$?
kill "$guard" 2>/dev/null
rm -rf "$dir"
exit "$status"
`;

interface GuardedCommand {
  command: string[];
  env: NodeJS.ProcessEnv;
  /** Removed when the process has ended. */
  dir: string;
}

export interface GuardedProcess {
  /** Settles when it has ended and its folder is gone, with what it wrote. */
  readonly ended: Promise<string>;
  readonly hasEnded: boolean;
  close(): Promise<void>;
}

/** Starts a process that never outlives this one, nor leaves its folder. */
export function startGuardedProcess({ command, env, dir }: GuardedCommand): GuardedProcess {
  const shell = spawn("/bin/sh", ["-c", guardScript, "guard", dir, ...command], {
    env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  shell.stdout.on("data", keep);
  shell.stderr.on("data", keep);
  shell.stdin.on("error", () => undefined);
  const ended = once(shell, "exit").then(() => output);
  return {
    ended,
    get hasEnded() {
      return shell.exitCode !== null || shell.signalCode !== null;
    },
    close: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}
