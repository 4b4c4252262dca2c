import { S3Error } from "./s3-error.ts";
import { bucketOf, keyOf, type OperationContext } from "./operation-context.ts";

/**
 * Applies `If-None-Match: *` to a write, at the moment the object would be stored.
 * @throws S3Error 412 when the key is taken, 501 where the store has no conditional writes
 */
export function checkCondition(context: OperationContext): void {
  const condition = context.request.headers["if-none-match"];
  if (context.request.headers["if-match"] !== undefined || (condition !== undefined && condition !== "*")) {
    throw new S3Error(501, "NotImplemented", "Of conditional writes only If-None-Match: * is implemented.");
  }
  if (condition === undefined || context.faults.get("ignore-if-none-match")) return;
  if (context.behavior.conditionalWrites === "refused" || context.faults.get("refuse-if-none-match")) {
    throw new S3Error(501, "NotImplemented", "A header you provided implies functionality that is not implemented.", {
      elements: { Header: "If-None-Match" },
    });
  }
  if (context.request.method === "POST" && !context.behavior.completesConditionally) return;
  if (context.behavior.conditionalWrites === "ignored" || !bucketOf(context).get(keyOf(context))) return;
  throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    elements: { Condition: "If-None-Match" },
  });
}
