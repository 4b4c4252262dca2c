import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { outageTeller } from "../../../helper/cli/outage-teller.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";

test.each([
  [1, "Trying for up to 1 second more.\n"],
  [60, "Trying for up to 60 seconds more.\n"],
])("a patience of %i s is told in words, once, and so is its end", (patience, words) => {
  const stderr = new PassThrough();
  const tell = outageTeller({ stderr }, patience);
  const outage = { since: 0, nextTryAt: 1, error: new BackupError("network-down") };
  tell(outage);
  tell(outage);
  tell(undefined);
  const told = String(stderr.read());
  expect(told.split("Trying for")).toHaveLength(2);
  expect(told.endsWith(`${words}It answers again.\n`)).toBe(true);
});

test("without patience nothing is said of trying on: the command's own end says the same", () => {
  const stderr = new PassThrough();
  outageTeller({ stderr }, 0)({ since: 0, nextTryAt: 1, error: new BackupError("network-down") });
  expect(stderr.read()).toBeNull();
});
