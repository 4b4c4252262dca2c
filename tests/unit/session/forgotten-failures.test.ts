import { expect, test } from "vitest";
import { BackupSession } from "../../../helper/session/backup-session.ts";
import { helperIdentity } from "../../../helper/session/helper-identity.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { someDestination, someFailure } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

test("failures outside the chosen folders are forgotten, but for photos that are nowhere any more", async () => {
  const paths = await tempState();
  const session = await BackupSession.open({
    ...{ paths, destination: someDestination, patienceMs: 0, verifyOwnership: () => undefined },
    openStore: () => Promise.reject(new Error("not in this test")),
    publisher: new StatusPublisher({
      ...{ paths, identity: helperIdentity("cli", { version: "1", now: Date.now }) },
      published: { activity: "idle", requestCount: () => 0, failures: () => [] },
    }),
  });
  session.ledger.fail("/home/in.jpg", someFailure());
  session.ledger.fail("/homeless/out.jpg", someFailure());
  session.ledger.fail("/removed/lost.jpg", { ...someFailure(), code: "gone-from-bucket" });
  session.forgetFailuresOutside(["/home"]);
  expect([...session.ledger.failures()].map(([path]) => path)).toEqual(["/home/in.jpg", "/removed/lost.jpg"]);
  await session.close();
});
