import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { onTestFinished } from "vitest";
import type { CliContext, HelperParts } from "../../../helper/cli/cli-context.ts";
import { runProgram } from "../../../helper/cli/run-program.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { tempState } from "../state/temp-state.ts";

export interface CliAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** What `--json` printed. @throws when stdout is anything but one line of JSON */
  json(): Record<string, unknown>;
}

/** The command line without a process: real state, real folders, an outside world that the test gives. */
export interface CliBench {
  paths: StatePaths;
  /** A folder for photos; the commands' working directory is the one around it. */
  folder: string;
  cwd: string;
  context: CliContext;
  parts: HelperParts;
  env: Record<string, string | undefined>;
  run(...args: string[]): Promise<CliAnswer>;
  /** The same where standard error is a terminal of 100 columns; `drawn` is called with all that is drawn there so far. */
  runOnTerminal(drawn: (soFar: string) => void, ...args: string[]): Promise<CliAnswer>;
  /** The same with something on standard input. */
  runWith(stdin: string, ...args: string[]): Promise<CliAnswer>;
}

const unexpected = () => Promise.reject(new Error("the test did not expect this part to be used"));

export async function cliBench(parts: Partial<HelperParts> = {}): Promise<CliBench> {
  const paths = await tempState();
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "photolala-cli-")));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const folder = join(cwd, "Pictures");
  mkdirSync(folder);
  const context: CliContext = {
    paths,
    env: {},
    cwd,
    version: "1.2.3",
    bundlePath: join(cwd, "helper.mjs"),
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    interrupted: new AbortController().signal,
    now: Date.now,
    parts: { openStore: unexpected, listBuckets: unexpected, probeBucket: unexpected, runDaemon: unexpected, ...parts },
  };
  const runWith = (stdin: string, ...args: string[]) => runOn(new PassThrough(), stdin, args);
  const runOnTerminal = (drawn: (soFar: string) => void, ...args: string[]) => {
    let soFar = "";
    const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
    const write = terminal.write.bind(terminal) as (chunk: string) => boolean;
    terminal.write = (chunk: string) => {
      const isWritten = write(chunk);
      soFar += chunk;
      drawn(soFar);
      return isWritten;
    };
    return runOn(terminal, "", args);
  };
  const runOn = async (stderr: PassThrough, stdin: string, args: string[]): Promise<CliAnswer> => {
    const stdout = new PassThrough();
    const input = Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]);
    const exitCode = await runProgram(args, { ...context, stdin: input, stdout, stderr });
    return answerOf(exitCode, textOf(stdout), textOf(stderr));
  };
  return {
    paths,
    folder,
    cwd,
    context,
    parts: context.parts,
    env: context.env,
    runWith,
    runOnTerminal,
    run: (...args) => runWith("", ...args),
  };
}

function textOf(stream: PassThrough): string {
  return String((stream.read() as Buffer | null) ?? "");
}

function answerOf(exitCode: number, stdout: string, stderr: string): CliAnswer {
  const json = () => {
    if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`not one line of JSON: ${stdout}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  return { exitCode, stdout, stderr, json };
}
