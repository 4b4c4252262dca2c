import { rmSync } from "node:fs";
import pino from "pino";
import { expect, test } from "vitest";
import type { CliContext } from "../../../helper/cli/cli-context.ts";
import { SessionHolder } from "../../../helper/daemon/session-holder.ts";
import { helperIdentity } from "../../../helper/session/helper-identity.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { someDestination, someEntry } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

test("a fold that fails at the end holds nobody up, and is logged without a path", async () => {
  const paths = await tempState();
  const logged: string[] = [];
  const about = { version: "1", now: Date.now };
  const publisher = new StatusPublisher({
    ...{ paths, identity: helperIdentity("daemon", about) },
    published: { activity: "idle", requestCount: () => 0, failures: () => [] },
  });
  const holder = new SessionHolder({
    context: { paths, ...about } as CliContext,
    log: pino({}, { write: (line: string) => void logged.push(line) }),
    ...{ publisher, verifyOwnership: () => undefined },
  });
  const { ledger } = await holder.open(someDestination, false);
  ledger.put("/p/secret party.jpg", someEntry(1));
  rmSync(paths.stateDir, { recursive: true });
  await expect(holder.close()).resolves.toBeUndefined();
  expect(logged.join("")).toContain("closed without a fold");
  expect(logged.join("")).not.toMatch(/secret party|photolala-state/);
});
