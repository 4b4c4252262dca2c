import type { OperationName } from "../support/loopback-s3/classify-operation.ts";
import type { StoreBehavior } from "../support/loopback-s3/loopback-options.ts";
import { faultPlans, type FaultPlan } from "./fault-plans.ts";
import type { SceneName } from "./scene.ts";

/** One cell of the matrix: this goes wrong, with this request, so often, at such a store. */
export interface FaultCase {
  name: string;
  scene: SceneName;
  operation: OperationName;
  plan: FaultPlan;
  times: number;
  conditionalWrites: StoreBehavior["conditionalWrites"];
}

/** The requests each scene sends. */
const requestsOf: Record<SceneName, readonly OperationName[]> = {
  small: ["HeadObject", "GetObject", "PutObject", "ListObjectsV2"],
  streamed: ["PutObject"],
  parts: ["HeadObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"],
  resumed: ["ListParts", "UploadPart", "CompleteMultipartUpload"],
  abandoned: ["AbortMultipartUpload"],
};

/** Every fault with every request it can meet, once and three times, at stores that honor conditions and that refuse them. */
export function faultCases(): FaultCase[] {
  const scenes = Object.entries(requestsOf) as [SceneName, readonly OperationName[]][];
  return scenes.flatMap(([scene, operations]) =>
    operations.flatMap((operation) =>
      faultPlans
        .filter((plan) => !plan.meets || plan.meets.includes(operation))
        .flatMap((plan) => variantsOf(scene, operation).map((variant) => caseOf(scene, operation, plan, variant))),
    ),
  );
}

const variants = [
  { times: 1, conditionalWrites: "honored" },
  { times: 3, conditionalWrites: "honored" },
  { times: 1, conditionalWrites: "refused" },
  { times: 1, conditionalWrites: "ignored" },
] as const;

/**
 * A large body costs a second of hashing: once is enough. Conditions matter where a key is taken for good. A download is asked
 * for only where they are not kept.
 */
function variantsOf(scene: SceneName, operation: OperationName): readonly (typeof variants)[number][] {
  if (scene === "streamed") return variants.slice(0, 1);
  if (operation === "GetObject") return variants.slice(2);
  if (scene === "small" || (scene === "parts" && operation === "CompleteMultipartUpload")) return variants;
  return variants.slice(0, 2);
}

function caseOf(
  scene: SceneName,
  operation: OperationName,
  plan: FaultPlan,
  { times, conditionalWrites }: (typeof variants)[number],
): FaultCase {
  const often = times === 1 ? "once" : `${times} times`;
  const name = `${scene}, ${operation}: ${plan.name} ${often}, conditions ${conditionalWrites}`;
  return { name, scene, operation, plan, times, conditionalWrites };
}
