import type { Verdict } from "./compare-object.ts";
import { confirmLoss } from "./confirm-loss.ts";
import type { ExpectedObject } from "./expected-object.ts";
import { BodyCutOff, hashObject } from "./hash-object.ts";
import type { VerifyOptions } from "./verify-options.ts";

/** How often one object's download is tried before it counts as not proved. */
const triesMost = 3;

/** What the bytes of an object say. @throws BackupError what keeps the bucket from being read */
export async function readVerdict(
  object: ExpectedObject,
  { store, gate, clock, signal }: Pick<VerifyOptions, "store" | "gate" | "clock" | "signal">,
): Promise<Verdict> {
  const { key, sha256, sizeBytes } = object;
  if (sha256 === undefined) return "unproved";
  let hasDiffered = false;
  for (let attempt = 1; attempt <= triesMost; attempt += 1) {
    try {
      const found = await gate.run(() => hashObject(store, key, { signal, bytesMost: sizeBytes }), signal);
      // It was there a moment ago.
      if (!found) return await confirmLoss(object, "missing", { store, gate, signal });
      if (found.sizeBytes === sizeBytes && found.sha256Hex === sha256) return "present";
      // Damage on the way is not damage in the bucket: it must be seen twice.
      if (hasDiffered) return "changed";
      hasDiffered = true;
    } catch (error) {
      if (!(error instanceof BodyCutOff)) throw error;
      await clock.sleep(1_000 * attempt, signal);
    }
  }
  return "unproved";
}
