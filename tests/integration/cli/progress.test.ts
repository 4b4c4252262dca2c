import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HelperParts } from "../../../helper/cli/cli-context.ts";
import { probeBucket } from "../../../helper/s3/probe-bucket.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

const bucket = "my-photos";

/** A bucket that answers only once the person saw these words on the terminal. */
async function slowBench(words: string) {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  onTestFinished(() => s3.close());
  const seen = Promise.withResolvers<void>();
  const credentials = async () => s3.credentials;
  const parts: Partial<HelperParts> = {
    openStore: async (destination, options) => {
      await seen.promise;
      return new S3ObjectStore({ destination, credentials, ...options });
    },
    probeBucket: async (destination, options) => {
      await seen.promise;
      return probeBucket({ destination, credentials, ...options });
    },
    listBuckets: async () => {
      await seen.promise;
      return [];
    },
  };
  const bench = await cliBench(parts);
  writeFileSync(join(bench.folder, "a.jpg"), "a photo");
  const place = ["--bucket", bucket, "--endpoint", s3.endpoint];
  const drawn = (soFar: string) => {
    if (soFar.includes(words)) seen.resolve();
  };
  return { ...bench, place, seen, onTerminal: (...args: string[]) => bench.runOnTerminal(drawn, ...args) };
}

describe("whatever takes long shows that it goes on", () => {
  test.each([
    ["backup", "Finding out what the bucket has", ["backup", "Pictures", "--consent"]],
    ["probe", "Asking the bucket what it can do", ["probe", "--consent"]],
  ])("%s, while the bucket does not answer", async (_, words, [command = "", ...args]) => {
    const bench = await slowBench(words);
    const answer = await bench.onTerminal(command, ...args, ...bench.place);
    expect(answer.exitCode).toBe(0);
    expect(answer.stderr.endsWith("[2K"), JSON.stringify(answer.stderr.slice(-40))).toBe(true);
  });

  test("buckets, while nobody answers", async () => {
    const bench = await slowBench("Asking for the buckets");
    expect(await bench.onTerminal("buckets")).toMatchObject({ exitCode: 0 });
  });

  test("verify, while the bucket is opened", async () => {
    const bench = await slowBench("Reading what is backed up");
    bench.seen.resolve();
    await bench.run("backup", "Pictures", "--consent", ...bench.place);
    const seen = Promise.withResolvers<void>();
    const { openStore } = bench.parts;
    bench.parts.openStore = async (...given) => {
      await seen.promise;
      return openStore(...given);
    };
    const drawn = (soFar: string) => void (soFar.includes("Reading what is backed up…") && seen.resolve());
    expect(await bench.runOnTerminal(drawn, "verify", "Pictures", ...bench.place)).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ["where the output is no terminal", []],
    ["in JSON", ["--json"]],
  ])("nothing of it %s", async (_, more) => {
    const bench = await slowBench("");
    bench.seen.resolve();
    const args = ["backup", "Pictures", "--consent", ...bench.place, ...more];
    const answer = more.length > 0 ? await bench.onTerminal(...args) : await bench.run(...args);
    expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
  });
});
