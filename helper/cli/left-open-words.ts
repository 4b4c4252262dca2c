import { grouped } from "./counted.ts";

/** Parts without an object cost as much as objects, and nothing shows them: so they are told, with what ends them. */
export function leftOpenWords(uploads: number): string {
  const what =
    uploads === 1
      ? "1 unfinished upload in parts is left in the bucket, and the service may charge for it"
      : `${grouped(uploads)} unfinished uploads in parts are left in the bucket, and the service may charge for them`;
  return (
    `${what}: this access key may not abort ${uploads === 1 ? "it" : "them"}. ` +
    "No photo is missing for it. Allow s3:AbortMultipartUpload and the next backup tidies up, or give the bucket a " +
    "lifecycle rule with AbortIncompleteMultipartUpload, or end it in the service's console."
  );
}
