import { describe, expect, it } from "vitest";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { someDestination, someEntry, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const laterTime = "2026-11-23T00:00:00.000Z";

describe("Ledger", () => {
  it("invariant 1: keeps an entry whose object is gone, marked until it is sent again, with its earlier versions", async () => {
    const paths = await tempState();
    let ledger = await openLedger(paths, someDestination);
    const previous = [{ s3Key: "photos/earlier.jpg", size: 1, uploadedAt: someTime }];
    ledger.put("/1.jpg", { ...someEntry(1), previous });
    ledger.markGone("/1.jpg", someTime);
    ledger.markGone("/1.jpg", laterTime);
    ledger.markGone("/nowhere.jpg", someTime);
    for (const how of ["in memory", "from the journal", "from the file"]) {
      if (how === "from the journal") ledger = await openLedger(paths, someDestination);
      if (how === "from the file") {
        await ledger.close();
        ledger = await openLedger(paths, someDestination);
      }
      expect([how, ...ledger.entries()]).toEqual([how, ["/1.jpg", { ...someEntry(1), previous, goneSince: someTime }]]);
    }
    ledger.clearGone("/1.jpg");
    expect(ledger.get("/1.jpg")).toEqual({ ...someEntry(1), previous });
    ledger.markGone("/1.jpg", laterTime);
    ledger.put("/1.jpg", someEntry(2));
    expect(ledger.get("/1.jpg")).toEqual(someEntry(2));
    await ledger.close();
  });
});
