/**
 * `lock-owner.ts STATE_DIR LOG`: takes helper.lock whenever it can, and while it holds it works on the ledger and writes
 * "begin", "still" and "end" to a log that all owners append to. Prints every path it was told is recorded. Until SIGTERM.
 */
import { randomBytes } from "node:crypto";
import { appendFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";
import { LockBusyError } from "../../../helper/state/lock/lock-busy-error.ts";
import { someDestination, someEntry } from "./samples.ts";
import { statePathsAt } from "./state-paths-at.ts";

const [stateDir = "", log = ""] = process.argv.slice(2);
const paths = statePathsAt(stateDir);
let stopping = false;
process.on("SIGTERM", () => (stopping = true));

async function work(): Promise<void> {
  const lock = await acquireLock(paths.helperLock, { waitMs: 5 });
  const note = (word: string): void => appendFileSync(log, `${word} ${process.pid}\n`);
  note("begin");
  const ledger = await openLedger(paths, someDestination, { verifyOwnership: lock.verify });
  for (let round = 0; round < 4; round++) {
    for (let number = 0; number < 5; number++) {
      const path = `/${randomBytes(8).toString("hex")}.jpg`;
      ledger.put(path, someEntry(number));
      writeSync(1, path + "\n");
    }
    lock.verify();
    note("still");
    await ledger.fold();
  }
  await ledger.close();
  lock.verify();
  note("end");
  await lock.release();
}

while (!stopping) {
  try {
    await work();
    await delay(1);
  } catch (error) {
    if (!(error instanceof LockBusyError)) throw error;
  }
}
