import type { Command } from "commander";

/** The options that name a destination; what isn't given comes from the settings. */
export function addDestinationOptions(command: Command): Command {
  return command
    .option("--bucket <name>", "the bucket to back up to")
    .option("--prefix <path>", 'where in the bucket the photos go (default: "photos")')
    .option("--region <region>", "the bucket's region (default: AWS_REGION, else us-east-1)")
    .option("--endpoint <url>", "the S3 service's URL, for providers other than AWS")
    .option("--allow-insecure-http", "allow an http endpoint that is not on this computer");
}
