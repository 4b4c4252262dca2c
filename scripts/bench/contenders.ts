import { mkdtemp, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchBucket, type BenchStore } from "./bench-store.ts";
import type { BenchContext } from "./bench-context.ts";
import { runProcess, type ProcessRun } from "./run-process.ts";

/** One whole upload of a folder. */
export interface Upload {
  folder: string;
  endpoint: string;
  prefix: string;
}

export interface Measured {
  /** Process start to exit. */
  wholeMs: number;
  /** From the scan to the last photo, without the program's own start; undefined where a program does not tell. */
  workMs?: number;
  requests?: number;
}

export interface Contender {
  name: string;
  upload(upload: Upload): Promise<Measured>;
}

const bareClient = fileURLToPath(new URL("bare-client.ts", import.meta.url));

/** @param kind `same`: with the helper's headers, so that the store has the same work with each request */
export function bareContender(store: BenchStore, kind?: "same"): Contender {
  return {
    name: kind === "same" ? "bare client, the same requests" : "bare client",
    upload: async ({ folder, endpoint, prefix }) => {
      const command = [process.execPath, "--disable-warning=ExperimentalWarning", bareClient];
      const run = await succeed([...command, folder, endpoint, benchBucket, prefix, kind ?? ""], store.keyEnv);
      return { wholeMs: run.wallMs, workMs: (JSON.parse(run.stdout) as { elapsedMs: number }).elapsedMs };
    },
  };
}

/** The helper as it ships, with a new state each time: a first backup. */
export function ourContender(store: BenchStore, context: BenchContext): Contender {
  return {
    name: "Photolala",
    upload: async ({ folder, endpoint, prefix }) => {
      const stateDir = await mkdtemp(join(context.scratchDir, "state-"));
      const where = ["--bucket", benchBucket, "--prefix", prefix, "--endpoint", endpoint, "--region", store.region];
      const env = { ...store.keyEnv, PHOTOLALA_STATE_DIR: stateDir, PHOTOLALA_LOG_DIR: join(stateDir, "logs") };
      const command = [process.execPath, context.helperPath, "backup", folder, ...where, "--consent", "--json"];
      const run = await succeed(command, env);
      const { elapsedMs, requests } = JSON.parse(run.stdout) as { elapsedMs: number; requests: number };
      return { wholeMs: run.wallMs, workMs: elapsedMs, requests };
    },
  };
}

/** The other programs that are found here, each told to send one file at a time. */
export async function peerContenders(store: BenchStore, context: BenchContext): Promise<Contender[]> {
  if (context.isAlone) return [];
  const awsConfig = join(context.scratchDir, "aws-config");
  await writeFile(awsConfig, "[default]\ns3 =\n  max_concurrent_requests = 1\n  addressing_style = path\n");
  const aws = { ...store.keyEnv, AWS_CONFIG_FILE: awsConfig };
  const peers: { name: string; program: string; command: (upload: Upload) => string[]; env: Record<string, string> }[] =
    [
      {
        name: "rclone --transfers 1",
        program: "rclone",
        command: (upload) => [...rclone("copy", upload), "--s3-no-check-bucket"],
        env: store.keyEnv,
      },
      {
        name: "the same --s3-no-head",
        program: "rclone",
        command: (upload) => [...rclone("copy", upload), "--s3-no-check-bucket", "--s3-no-head"],
        env: store.keyEnv,
      },
      {
        name: "aws-cli, one request",
        program: "aws",
        command: ({ folder, endpoint, prefix }) => [
          ...["s3", "cp", folder, `s3://${benchBucket}/${prefix}`, "--recursive", "--quiet"],
          ...["--endpoint-url", endpoint],
        ],
        env: aws,
      },
      {
        name: "s5cmd --numworkers 1",
        program: "s5cmd",
        command: ({ folder, endpoint, prefix }) => [
          ...["--endpoint-url", endpoint, "--numworkers", "1", "--log", "error"],
          ...["cp", "--concurrency", "1", `${folder}/`, `s3://${benchBucket}/${prefix}/`],
        ],
        env: store.keyEnv,
      },
    ];
  const found: Contender[] = [];
  for (const { name, program, command, env } of peers) {
    const path = await findProgram(program);
    if (!path) context.say(`${program} was not found here.\n`);
    else
      found.push({
        name,
        upload: async (upload) => ({ wholeMs: (await succeed([path, ...command(upload)], env)).wallMs }),
      });
  }
  return found;
}

export function rclone(verb: string, { folder, endpoint, prefix }: Upload): string[] {
  const remote = `:s3,provider=Minio,env_auth=true,region=us-east-1,endpoint='${endpoint}':${benchBucket}/${prefix}`;
  return [verb, folder, remote, "--transfers", "1", "--checkers", "1", "--config", "/dev/null", "--log-level", "ERROR"];
}

export async function findProgram(name: string): Promise<string | undefined> {
  const asks = name === "rclone" || name === "s5cmd" ? "version" : "--version";
  for (const path of [name, join(homedir(), "go", "bin", name)]) {
    const exitCode = await runProcess([path, asks]).then(
      (run) => run.exitCode,
      () => undefined,
    );
    if (exitCode === 0) return path;
  }
  return undefined;
}

/** @throws Error with what the program said when it does not exit with 0 */
export async function succeed(command: string[], env: Record<string, string>): Promise<ProcessRun> {
  const run = await runProcess(command, env);
  if (run.exitCode === 0) return run;
  throw new Error(
    `${command.join(" ")} ended with ${run.exitCode}: ${run.stderr.slice(0, 2000)}${run.stdout.slice(0, 500)}`,
  );
}
