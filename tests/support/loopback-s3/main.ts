/*
 * The loopback S3 from the command line, for demos:
 *
 *   AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… node tests/support/loopback-s3/main.ts --bucket photos [--bucket more]
 *     [--port 0] [--region us-east-1] [--dir FOLDER] [--keep-bodies memory|disk|hash-only]
 *
 * Prints one line of JSON with its endpoint once it listens; ends on SIGINT, SIGTERM, or the end of its standard input
 * with --until-stdin-ends.
 */
import { parseArgs } from "node:util";
import type { KeepBodies } from "./loopback-options.ts";
import { startLoopbackS3 } from "./start-loopback-s3.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    bucket: { type: "string", multiple: true, default: [] },
    region: { type: "string", default: "us-east-1" },
    dir: { type: "string" },
    "keep-bodies": { type: "string" },
    "until-stdin-ends": { type: "boolean", default: false },
  },
});

const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
const keepBodies = values["keep-bodies"];

if (!accessKeyId || !secretAccessKey)
  fail("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: the server checks signatures.");
if (keepBodies !== undefined && !isKeepBodies(keepBodies)) fail("--keep-bodies takes memory, disk or hash-only.");

const server = await startLoopbackS3({
  accessKeyId,
  secretAccessKey,
  region: values.region,
  buckets: values.bucket,
  port: Number(values.port),
  ...(values.dir !== undefined && { dir: values.dir }),
  ...(keepBodies !== undefined && { keepBodies }),
});
process.stdout.write(
  `${JSON.stringify({ endpoint: server.endpoint, region: server.region, buckets: values.bucket })}\n`,
);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
if (values["until-stdin-ends"]) process.stdin.resume().once("end", () => void server.close());

function isKeepBodies(text: string): text is KeepBodies {
  return ["memory", "disk", "hash-only"].includes(text);
}

function fail(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}
