import { utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sessionBench } from "../../support/engine/session-bench.ts";
import { tempState } from "../../support/state/temp-state.ts";

test("invariant 6: a rebuild that was cut off brings back earlier versions all the same", async () => {
  const bench = await sessionBench();
  const photos = Array.from({ length: 60 }, (_, number) => bench.photo(`${number}.jpg`));
  await bench.backUp();
  const edited = [photos[0] as string, photos[59] as string];
  for (const path of edited) {
    writeFileSync(path, `after the edit of ${path}`);
    utimesSync(path, new Date(1_000_000_000_000), new Date(1_000_000_000_000));
  }
  await bench.backUp();
  const paths = await tempState();
  const cut = new AbortController();
  const session = await bench.open({ paths });
  const { ledger } = session;
  const put = ledger.put.bind(ledger);
  ledger.put = (path, entry) => {
    put(path, entry);
    if (ledger.size === 5) cut.abort(new Error("killed"));
  };
  await expect(session.run({ ...bench.runOf(), stopping: cut.signal, aborting: cut.signal })).rejects.toThrow("killed");
  expect(ledger.size).toBeLessThan(20);
  await session.close();
  expect(await bench.backUp({ paths })).toMatchObject({ uploaded: 0, failed: 0 });
  const after = await bench.open({ paths });
  for (const path of edited) expect(after.ledger.get(path)?.previous, path).toHaveLength(1);
  await after.close();
});
