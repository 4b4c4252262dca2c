import { readdirSync, readFileSync, truncateSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { otherDestination, someDestination, someEntry, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

test("invariant 10: a parked ledger that was damaged is set aside when it is taken back, never overwritten", async () => {
  const paths = await tempState();
  const ours = await openLedger(paths, someDestination);
  ours.put("/1.jpg", someEntry(1));
  await ours.close();
  await (await openLedger(paths, otherDestination)).close();
  const parked = join(paths.parkedLedgersDir, `${destinationId(someDestination)}.json`);
  truncateSync(parked, statSync(parked).size - 30);
  const damaged = readFileSync(parked, "utf8");

  const again = await openLedger(paths, someDestination, { now: () => Date.parse(someTime) });
  const aside = `${paths.ledger}.corrupt-2026-11-22T20-52-02.123Z`;
  expect(again.wasSetAside).toBe(aside);
  again.put("/2.jpg", someEntry(2));
  await again.close();
  expect(readFileSync(aside, "utf8")).toBe(damaged);
  expect(damaged).toContain("/1.jpg");
  expect(readdirSync(paths.parkedLedgersDir)).toContain(`${destinationId(otherDestination)}.json`);
});
