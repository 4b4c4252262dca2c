/**
 * Fills a ledger and kills itself with SIGKILL on purpose: `ledger-worker.ts STATE_DIR half-record NUMBER` in the middle of
 * the journal record of that number, `… fold STEP` at that step of a fold. Prints a line for everything it was told is
 * recorded.
 */
import { writeSync } from "node:fs";
import { nodeLedgerFs, type LedgerFs } from "../../../helper/state/ledger/ledger-fs.ts";
import type { FoldStep } from "../../../helper/state/ledger/fold-ledger.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { someDestination, someEntry, someFailure, someTime } from "./samples.ts";
import { statePathsAt } from "./state-paths-at.ts";

const [stateDir = "", scenario, target] = process.argv.slice(2);
const paths = statePathsAt(stateDir);

function say(line: string): void {
  writeSync(1, line + "\n");
}

function killSelf(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("survived SIGKILL");
}

let appends = 0;
const halfWriting: LedgerFs = {
  ...nodeLedgerFs,
  writeSync(file, buffer) {
    if (appends++ !== Number(target)) return nodeLedgerFs.writeSync(file, buffer);
    nodeLedgerFs.writeSync(file, buffer.subarray(0, Math.floor(buffer.length / 2)));
    return killSelf();
  },
};

const put = (path: string, number: number): void => {
  ledger.put(path, someEntry(number));
  say(`put ${path}`);
};

const ledger = await openLedger(paths, someDestination, {
  fs: scenario === "half-record" ? halfWriting : nodeLedgerFs,
  onFoldStep(step: FoldStep) {
    // This step is inside the one synchronous commit, in which nothing else can run.
    if (step !== "copied-records") put(`/during/${step}.jpg`, 1000);
    if (step === target) killSelf();
  },
});

for (let number = 0; number < 20; number++) put(`/before/${number}.jpg`, number);
ledger.fail("/failed.jpg", someFailure(3));
say("fail /failed.jpg");
ledger.setLastBackup(someTime);
say("last-backup");
await ledger.fold();
put("/after.jpg", 2000);
killSelf();
