import { exitCodes } from "./exit-codes.ts";

/** What is printed only shows: a reader who has gone, or a full disk behind `>`, must not end a backup amid a photo. */
export function outliveLostOutput(program: NodeJS.Process): void {
  let lost: string | undefined;
  program.stderr.on("error", () => undefined);
  program.stdout.on("error", ({ code = "unknown" }: NodeJS.ErrnoException) => {
    // `| head` has read what it wanted; that is no error, and the exit code stays what the work makes it.
    if (code === "EPIPE" || lost !== undefined) return;
    lost = code;
    program.stderr.write(
      `What was found could not be printed here (${code}). What was done stands; \`status\` tells it.\n`,
    );
  });
  program.on("exit", (exitCode) => {
    if (lost !== undefined && exitCode === exitCodes.done) program.exitCode = exitCodes.state;
  });
}
