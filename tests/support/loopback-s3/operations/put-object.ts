import { checkCondition } from "../check-condition.ts";
import { checkFileTree } from "../check-file-tree.ts";
import { declaredBody } from "../check-body.ts";
import { checksumHeaders } from "../checksum-headers.ts";
import { objectHeaders } from "../object-headers.ts";
import { bucketOf, keyOf, type Answer, type OperationContext } from "../operation-context.ts";

/** PutObject: nothing is visible before the whole body is here and every digest agrees. */
export async function putObject(context: OperationContext): Promise<Answer> {
  const bucket = bucketOf(context);
  const headers = objectHeaders(context.request, context.behavior);
  const { checksums } = declaredBody(context.request, context.behavior);
  const received = await context.receive();
  try {
    checkFileTree(context, received.segment.sizeBytes);
    checkCondition(context);
  } catch (error) {
    context.store.bodies.remove([received.segment]);
    throw error;
  }
  const etag = `"${Buffer.from(received.md5, "base64").toString("hex")}"`;
  context.store.putObject(bucket, {
    ...headers,
    key: keyOf(context),
    sizeBytes: received.segment.sizeBytes,
    etag,
    sha256: Buffer.from(received.sha256, "base64").toString("hex"),
    checksums,
    checksumType: "FULL_OBJECT",
    lastModified: context.now(),
    segments: [received.segment],
  });
  const hasChecksum = Object.keys(checksums).length > 0;
  const type: Record<string, string> = hasChecksum ? { "x-amz-checksum-type": "FULL_OBJECT" } : {};
  return { status: 200, headers: { etag, ...checksumHeaders(checksums), ...type } };
}
