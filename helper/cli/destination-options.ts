import { InvalidArgumentError, type Command } from "commander";
import { storageClasses } from "../state/files/storage-class.ts";

/** The options that name a destination; what isn't given comes from the settings. */
export function addDestinationOptions(command: Command): Command {
  return command
    .option("--bucket <name>", "the bucket to back up to")
    .option("--prefix <path>", 'where in the bucket the photos go (default: "photos")')
    .option("--region <region>", "the bucket's region (default: AWS_REGION, else us-east-1)")
    .option("--endpoint <url>", "the S3 service's URL, for providers other than AWS")
    .option("--allow-insecure-http", "allow an http endpoint that is not on this computer")
    .option("--storage-class <class>", `how photos are kept there: ${storageClasses.join(", ")}`, storageClass);
}

/** Classes whose objects must be restored before they can be read are no place for photos one may want today. */
function storageClass(given: string): string {
  const wanted = given.toUpperCase().replaceAll("-", "_");
  if (storageClasses.some((known) => known === wanted)) return wanted;
  const names = `Choose one of ${storageClasses.join(", ")}.`;
  if (!/^(GLACIER|DEEP_ARCHIVE)$/.test(wanted)) throw new InvalidArgumentError(names);
  throw new InvalidArgumentError(`Photos kept so must be restored for hours before they can be read. ${names}`);
}
