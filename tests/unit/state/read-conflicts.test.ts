import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { readConflicts } from "../../../helper/state/ledger/read-conflicts.ts";
import { someEntry } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const destination = { region: "us-east-1", bucket: "b", prefix: "photos" };
const conflict = (key: string) => ({ ...someEntry(1), s3Key: key, conflictsWith: [`${key} of another`] });

test("resolved conflicts are read from ledger and journal, whoever laid the ledger out", async () => {
  const paths = await tempState();
  expect(await readConflicts(paths)).toEqual([]);
  const ledger = await openLedger(paths, destination);
  ledger.put('/p/"conflictsWith":.jpg', { ...someEntry(1) });
  ledger.put("/p/a.jpg", conflict("a"));
  ledger.put("/p/b.jpg", conflict("b"));
  // More than one piece of 1 MiB.
  const deep = "/folder".repeat(700);
  for (let index = 0; index < 300; index += 1) ledger.put(`${deep}/${index}.jpg`, { ...someEntry(1) });
  ledger.put("/p/c.jpg", conflict("c"));
  const paths3 = ["/p/a.jpg", "/p/b.jpg", "/p/c.jpg"];
  expect((await readConflicts(paths)).map(({ path }) => path)).toEqual(paths3);
  await ledger.fold();
  expect((await readConflicts(paths)).map(({ path }) => path)).toEqual(paths3);
  ledger.put("/p/b.jpg", { ...someEntry(1) });
  ledger.put("/p/d.jpg", conflict("d"));
  const expected = ["a", "c", "d"].map((key) => ({
    path: `/p/${key}.jpg`,
    s3Key: key,
    conflictsWith: [`${key} of another`],
  }));
  expect(await readConflicts(paths)).toEqual(expected);
  await ledger.close();
  expect(await readConflicts(paths)).toEqual(expected);
  writeFileSync(paths.ledger, JSON.stringify(JSON.parse(readFileSync(paths.ledger, "utf8")), undefined, 2));
  expect(await readConflicts(paths)).toEqual(expected);
});
