import { InvalidArgumentError, Option, type Command } from "commander";
import { storageClasses } from "../state/files/storage-class.ts";

/** The options that name a destination for new photos; what isn't given comes from the settings. */
export function addDestinationOptions(command: Command): Command {
  return addPlaceOptions(command).option(
    "--storage-class <class>",
    `how photos are kept there: ${storageClasses.join(", ")}`,
    storageClass,
  );
}

/** The same for a command that sends no photo: a storage class would mean nothing there, and is refused in words. */
export function addKnownDestinationOptions(command: Command): Command {
  const refuse = () => {
    throw new InvalidArgumentError(`It is for new photos, and \`${command.name()}\` sends none. Leave it out.`);
  };
  return addPlaceOptions(command).addOption(new Option("--storage-class <class>").argParser(refuse).hideHelp());
}

function addPlaceOptions(command: Command): Command {
  return command
    .option("--bucket <name>", "the bucket to back up to")
    .option("--prefix <path>", 'where in the bucket the photos go (default: the chosen one, else "photos")')
    .option("--region <region>", "the bucket's region (default: the chosen one, else AWS_REGION, else us-east-1)")
    .option("--endpoint <url>", "the S3 service's URL, for providers other than AWS")
    .option("--allow-insecure-http", "allow an http endpoint that is not on this computer");
}

/** Classes whose objects must be restored before they can be read are no place for photos one may want today. */
function storageClass(given: string): string {
  const wanted = given.toUpperCase().replaceAll("-", "_");
  if (storageClasses.some((known) => known === wanted)) return wanted;
  const names = `Choose one of ${storageClasses.join(", ")}.`;
  if (!/^(GLACIER|DEEP_ARCHIVE)$/.test(wanted)) throw new InvalidArgumentError(names);
  throw new InvalidArgumentError(`Photos kept so must be restored for hours before they can be read. ${names}`);
}
