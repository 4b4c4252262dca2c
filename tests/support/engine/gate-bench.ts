import { DestinationGate, type Outage } from "../../../helper/backup/destination-gate.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { FakeClock } from "./fake-clock.ts";

export const gateStartMs = 1_000_000;

/** A gate without chance in its waits, patient forever unless told otherwise, and what it told of outages. */
export function gateBench({ patienceMs = Number.POSITIVE_INFINITY }: { patienceMs?: number } = {}) {
  const clock = new FakeClock(gateStartMs);
  const changes: (Outage | undefined)[] = [];
  const gate = new DestinationGate({ clock, random: () => 0, patienceMs, onChange: (change) => changes.push(change) });
  return { clock, gate, changes };
}

/** An operation that fails so often, then succeeds, and notes what it was told. */
export function failing(times: number, error: () => Error = () => new BackupError("network-down")) {
  const toldTries: number[] = [];
  const operation = async (triesBefore: number) => {
    toldTries.push(triesBefore);
    if (toldTries.length <= times) throw error();
    return "done";
  };
  return { operation, toldTries };
}
