import type { Command } from "commander";
import { readSettings } from "../state/files/settings-store.ts";
import type { BucketSummary } from "../s3/list-buckets.ts";
import type { CliContext } from "./cli-context.ts";
import { report, type CommandResult } from "./report.ts";
import { allowsInsecureHttp, resolveEndpoint, resolveRegion, type DestinationOptions } from "./resolve-destination.ts";
import { withWaitLine } from "./wait-line.ts";

type BucketsOptions = Pick<DestinationOptions, "region" | "endpoint" | "allowInsecureHttp"> & { json?: boolean };

export function addBucketsCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command("buckets")
    .description("list the buckets the access key can see")
    .option("--region <region>", "the region to ask (default: the chosen one, else AWS_REGION, else us-east-1)")
    .option("--endpoint <url>", "the S3 service's URL, for providers other than AWS")
    .option("--allow-insecure-http", "allow an http endpoint that is not on this computer")
    .option("--json", "print one JSON object instead of words")
    .action(async (options: BucketsOptions) => exit(await report(context, options, () => buckets(options, context))));
}

async function buckets(options: BucketsOptions, context: CliContext): Promise<CommandResult> {
  const settings = await readSettings(context.paths);
  const endpoint = resolveEndpoint(options, settings, context.env);
  const place = {
    region: resolveRegion(options, settings, context.env),
    ...(endpoint ? { endpoint } : {}),
    allowInsecureHttp: allowsInsecureHttp(options, settings),
  };
  const found = await withWaitLine(context, options, "Asking for the buckets", () => context.parts.listBuckets(place));
  return { json: { buckets: found }, words: bucketWords(found) };
}

function bucketWords(buckets: BucketSummary[]): string {
  if (buckets.length === 0) return "This access key sees no buckets.";
  const width = Math.max(...buckets.map((bucket) => bucket.name.length));
  const rows = buckets.map(({ name, region, createdAt }) =>
    [name.padEnd(width), (region ?? "").padEnd(16), createdAt?.slice(0, 10) ?? ""].join("  ").trimEnd(),
  );
  return rows.join("\n");
}
