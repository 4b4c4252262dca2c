import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const main = new URL("../../support/loopback-s3/main.ts", import.meta.url).pathname;

function run(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [main, ...args], { env, stdio: ["pipe", "pipe", "pipe"] });
}

describe("the loopback S3 from the command line", () => {
  it("serves the buckets it was told until its input ends", async () => {
    const env = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };
    const child = run(["--bucket", "photos", "--until-stdin-ends"], env);
    const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
    const { endpoint, buckets } = JSON.parse(line.toString()) as { endpoint: string; buckets: string[] };
    expect(buckets).toEqual(["photos"]);
    const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
    const client = new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
    const put = await client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "x" }));
    expect(put.ETag).toBe('"9dd4e461268c8034f5c8564e155c67a6"');
    client.destroy();
    child.stdin?.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("refuses to start without credentials, with words", async () => {
    const child = run([], {});
    const [words] = (await once(child.stderr ?? child, "data")) as [Buffer];
    expect(words.toString()).toMatch(/AWS_ACCESS_KEY_ID/);
    expect(await once(child, "exit")).toEqual([2, null]);
  });
});
