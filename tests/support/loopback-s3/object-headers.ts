import type { StoreBehavior } from "./loopback-options.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";
import type { ObjectHeaders } from "./stored-object.ts";

const keptHeaders = ["cache-control", "content-disposition", "content-encoding", "content-language", "expires"];
const maxMetadataBytes = 2048;
const metadataPrefix = "x-amz-meta-";

/** @throws S3Error MetadataTooLarge or InvalidStorageClass */
export function objectHeaders(request: S3Request, behavior: StoreBehavior): ObjectHeaders {
  const { headers } = request;
  const storageClass = headerOf(headers, "x-amz-storage-class") ?? "STANDARD";
  if (behavior.storageClasses !== "any" && !behavior.storageClasses.includes(storageClass)) {
    throw new S3Error(400, "InvalidStorageClass", "The storage class you specified is not valid");
  }
  const metadata: Record<string, string> = {};
  let metadataBytes = 0;
  for (const name of Object.keys(headers).filter((header) => header.startsWith(metadataPrefix))) {
    const value = headerOf(headers, name) ?? "";
    metadata[name.slice(metadataPrefix.length)] = value;
    metadataBytes += name.length - metadataPrefix.length + Buffer.byteLength(value, "latin1");
  }
  if (metadataBytes > maxMetadataBytes) {
    throw new S3Error(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      elements: { Size: String(metadataBytes), MaxSizeAllowed: String(maxMetadataBytes) },
    });
  }
  const otherHeaders = Object.fromEntries(
    keptHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headerOf(headers, name) ?? ""]])),
  );
  return { contentType: headers["content-type"] ?? "binary/octet-stream", storageClass, metadata, otherHeaders };
}
