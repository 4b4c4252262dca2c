export interface LaunchdJob {
  running: boolean;
  pid?: number;
  /** How it last ended, in launchd's words: "0", "78: EX_CONFIG", "Killed: 9". Absent when it never ended. */
  lastExit?: string;
}

/**
 * Reads the answer of `launchctl print`, which is not an interface: only the fields at one tab are the job's own,
 * blocks further in repeat their names.
 */
export function parseLaunchctlPrint(text: string): LaunchdJob {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const field = /^\t([^\t=][^=]*?) = (.*)$/.exec(line);
    if (field?.[1] && field[2] !== undefined && !fields.has(field[1])) fields.set(field[1], field[2]);
  }
  const pid = Number(fields.get("pid"));
  const exitCode = fields.get("last exit code");
  const lastExit = fields.get("last terminating signal") ?? (exitCode === "(never exited)" ? undefined : exitCode);
  return {
    running: fields.get("state") === "running",
    ...(Number.isInteger(pid) && pid > 0 && { pid }),
    ...(lastExit !== undefined && { lastExit }),
  };
}
