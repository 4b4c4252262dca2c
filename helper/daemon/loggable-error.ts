/**
 * An error for the log: its name, its code and where it was thrown. Not its message, which may name a person's files.
 */
export function loggableError(error: unknown): { error: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as NodeJS.ErrnoException;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    error: error.name,
    ...(code ? { code: String(code) } : {}),
    at: frames.slice(0, 6).map((line) => line.trim()),
  };
}
