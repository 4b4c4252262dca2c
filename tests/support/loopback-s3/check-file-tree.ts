import { bucketOf, keyOf, type OperationContext } from "./operation-context.ts";
import { S3Error } from "./s3-error.ts";

/** A store that keeps objects as files, as versitygw. @throws S3Error where a key would be file and folder at once */
export function checkFileTree(context: OperationContext, sizeBytes: number): void {
  if (context.behavior.keyRules !== "posix") return;
  const key = keyOf(context);
  const keys = bucketOf(context).sortedKeys();
  if (key.endsWith("/") && sizeBytes > 0) {
    throw new S3Error(400, "DirectoryObjectContainsData", "Directory object contains data payload.");
  }
  const isUnderFile = key.split("/").some((_, depth, all) => depth > 0 && keys.includes(all.slice(0, depth).join("/")));
  if (isUnderFile) throw new S3Error(409, "ObjectParentIsFile", "Object parent already exists as a file.");
  if (keys.some((other) => other.startsWith(`${key}/`))) {
    throw new S3Error(409, "ExistingObjectIsDirectory", "Existing Object is a directory.");
  }
}
