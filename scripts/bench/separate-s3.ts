import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { benchBucket } from "./bench-store.ts";

const program = fileURLToPath(new URL("../../tests/support/loopback-s3/main.ts", import.meta.url));

/** The tests' own S3 in a process of its own, so that its work and memory are nobody else's. */
export interface SeparateS3 {
  endpoint: string;
  /** For programs that take their key from the environment. */
  keyEnv: Record<string, string>;
  close(): Promise<void>;
}

/** Bodies are kept in memory: a catalogue that is not kept could not be read back. */
export async function startSeparateS3(): Promise<SeparateS3> {
  const keyEnv = {
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench-secret",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const args = ["--disable-warning=ExperimentalWarning", program, "--bucket", benchBucket];
  const child = spawn(process.execPath, [...args, "--keep-bodies", "memory", "--until-stdin-ends"], {
    env: { ...process.env, ...keyEnv },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { endpoint } = JSON.parse(line) as { endpoint: string };
  return {
    endpoint,
    keyEnv,
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
