import type { ObjectHead } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { compareHead, type Verdict } from "./compare-object.ts";
import type { ExpectedObject } from "./expected-object.ts";
import type { VerifyOptions } from "./verify-options.ts";

/**
 * Asks once more for an object that an answer called missing or changed. Whether it is missing, a download is asked, whose
 * refusal has words, which a HEAD's has not; and then the listing, where it may be seen.
 * @returns "unproved" where the answers do not agree on a loss, or are refused
 * @throws BackupError what keeps the bucket from being asked
 */
export async function confirmLoss(
  object: ExpectedObject,
  verdict: Verdict,
  { store, gate, signal }: Pick<VerifyOptions, "store" | "gate" | "signal">,
): Promise<Verdict> {
  const look = verdict === "missing" ? headOfDownload : headOf;
  try {
    const head = await gate.run(() => look(object.key, { store, signal }), signal);
    const again = compareHead(object, head);
    if (again === "missing" && (await gate.run(() => isListed(object.key, { store, signal }), signal)))
      return "unproved";
    return again === "missing" && verdict !== "missing" ? "unproved" : again;
  } catch (error) {
    if (error instanceof BackupError && error.code === "permission-denied") return "unproved";
    throw error;
  }
}

type Asking = Pick<VerifyOptions, "store" | "signal">;

function headOf(key: string, { store, signal }: Asking): Promise<ObjectHead | undefined> {
  return store.head(key, signal);
}

async function isListed(key: string, { store, signal }: Asking): Promise<boolean> {
  try {
    const { objects } = await store.list(key, undefined, signal);
    return objects.some((object) => object.key === key);
  } catch (error) {
    if (error instanceof BackupError && error.code === "permission-denied") return false;
    throw error;
  }
}

async function headOfDownload(key: string, { store, signal }: Asking): Promise<ObjectHead | undefined> {
  const found = await store.read(key, signal);
  found?.body.destroy();
  return found?.head;
}
