import type { FaultCase } from "./fault-cases.ts";

/** What may be left after a fault, and nothing else. */
export interface Rules {
  /** An object was made to look damaged: its photo may be there a second time. */
  mayCopy: boolean;
  /** Parts may stay at the store without an intent that knows of them: they cost money, and no photo. */
  mayLeaveParts: boolean;
  /** The loopback does not read a body it stalls, so it may learn that it was given up after the next one came. */
  learnsLate: boolean;
}

export function rulesFor({ operation, plan: { name, looksDamaged } }: Pick<FaultCase, "operation" | "plan">): Rules {
  return {
    mayCopy: looksDamaged?.includes(operation) ?? false,
    learnsLate: name === "stall in the body",
    mayLeaveParts:
      // A store that says itself that it has no such upload is believed.
      name === "404 NoSuchUpload",
  };
}
