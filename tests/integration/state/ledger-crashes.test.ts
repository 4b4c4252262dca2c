import { cpSync, readFileSync, truncateSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import type { Failure } from "../../../helper/state/files/failures.ts";
import type { Ledger } from "../../../helper/state/ledger/ledger.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { someDestination, someEntry, someFailure, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

interface Known {
  entries: [string, LedgerEntry][];
  failures: [string, Failure][];
  lastBackup: string | undefined;
}

const kinds = ["put", "put", "put", "fail", "clear", "missing", "back", "gone", "there", "time"] as const;
const change = fc.record({
  kind: fc.constantFrom(...kinds),
  path: fc.constantFrom("/a.jpg", "/b/a.jpg", "/c \u00e9.jpg", "/d\nd.jpg"),
  number: fc.nat(1_000),
});
const act = fc.oneof({ weight: 4, arbitrary: change }, fc.constant("fold" as const), fc.constant("reopen" as const));

function apply(ledger: Ledger, { kind, path, number }: typeof change extends fc.Arbitrary<infer T> ? T : never): void {
  const at = new Date(Date.parse(someTime) + number).toISOString();
  if (kind === "put") ledger.put(path, number % 3 === 0 ? { ...someEntry(number), note: "odd" } : someEntry(number));
  else if (kind === "fail") ledger.fail(path, someFailure(number));
  else if (kind === "clear") ledger.clearFailure(path);
  else if (kind === "missing") ledger.markMissing(path, at);
  else if (kind === "back") ledger.clearMissing(path);
  else if (kind === "gone") ledger.markGone(path, at);
  else if (kind === "there") ledger.clearGone(path);
  else ledger.setLastBackup(at);
}

function knownTo(ledger: Ledger): Known {
  const byPath = <T>(items: Iterable<[string, T]>) => [...items].sort(([a], [b]) => (a < b ? -1 : 1));
  return { entries: byPath(ledger.entries()), failures: byPath(ledger.failures()), lastBackup: ledger.lastBackup };
}

/** The state folder as a crash at this moment would leave it. */
async function leftBehind(paths: StatePaths): Promise<StatePaths> {
  const copy = await tempState();
  cpSync(paths.stateDir, copy.stateDir, { recursive: true });
  return copy;
}

it("invariant 6: whatever is recorded, folded and opened again, a crash at any step of a fold or in any record loses nothing", async () => {
  const scenario = fc.tuple(
    fc.array(act, { minLength: 3, maxLength: 25 }),
    fc.array(change, { maxLength: 8 }),
    fc.nat(),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ([acts, meanwhile, cut]) => {
      const paths = await tempState();
      const crashes: { left: StatePaths; known: Known }[] = [];
      const crash = async (ledger: Ledger) => crashes.push({ left: await leftBehind(paths), known: knownTo(ledger) });
      const late = [...meanwhile];
      const open = () =>
        openLedger(paths, someDestination, {
          onFoldStep: async (step) => {
            // Inside the one synchronous step, in which nothing else can run.
            if (step === "copied-records") return;
            const next = late.shift();
            if (next) apply(ledger, next);
            await crash(ledger);
          },
        });
      let ledger = await open();
      for (const one of acts) {
        if (one === "fold") await ledger.fold();
        else if (one === "reopen") {
          await ledger.close();
          const before = knownTo(ledger);
          ledger = await open();
          expect(knownTo(ledger)).toEqual(before);
        } else {
          const before = knownTo(ledger);
          const sizeBefore = readFileSync(paths.journal).length;
          apply(ledger, one);
          const sizeAfter = readFileSync(paths.journal).length;
          if (sizeAfter > sizeBefore) {
            const left = await leftBehind(paths);
            truncateSync(left.journal, sizeBefore + (cut % (sizeAfter - sizeBefore)));
            crashes.push({ left, known: before });
          }
        }
      }
      await ledger.close();
      for (const { left, known } of crashes) {
        const again = await openLedger(left, someDestination);
        expect(knownTo(again)).toEqual(known);
        expect(again.wasSetAside).toBeUndefined();
        await again.close();
      }
    }),
    { numRuns: 25 },
  );
});
