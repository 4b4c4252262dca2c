import { describe, expect, test } from "vitest";
import type { BackupSession } from "../../helper/session/backup-session.ts";
import type { FaultKind } from "../support/loopback-s3/fault-kinds.ts";
import { outageScene, type OutageScene } from "./outage-scene.ts";

/** At every so manieth request an outage begins, another one for each kind; 1 is each of them. */
const stride = Number(process.env.OUTAGE_STRIDE ?? 4);

/** Far more than any of these runs takes: a clock that jumps does the waiting. */
const hungMs = 20_000;

const patienceMs = 300_000;

const outages: Record<string, { fault: FaultKind; codes: string[] }> = {
  "the network is cut": { fault: { kind: "cut-before-store" }, codes: ["network-down"] },
  "answers are cut off": { fault: { kind: "cut-after-store" }, codes: ["network-down"] },
  "the service is busy": { fault: { kind: "status", status: 503, code: "SlowDown" }, codes: ["throttled"] },
  "the service asks to wait": {
    fault: { kind: "status", status: 503, code: "SlowDown", retryAfter: 90 },
    codes: ["throttled"],
  },
  "a hotel wants us to sign in": { fault: { kind: "html-answer" }, codes: ["not-s3"] },
  "the key may do nothing": {
    fault: { kind: "status", status: 403, code: "AccessDenied" },
    codes: ["permission-denied"],
  },
};

const scenes = Object.entries(outages).flatMap(([name, outage], index) => [
  { name, ...outage, isLedgerLost: false, from: 1 + (index % stride) },
  { name: `${name}, the ledger lost`, ...outage, isLedgerLost: true, from: 1 + ((index + 2) % stride) },
]);

describe("an outage that begins at whichever request of a run, and stays:", () => {
  test.each(scenes)("$name", { timeout: 300_000 }, async ({ fault, codes, isLedgerLost, from }) => {
    await fromEveryRequest({ isLedgerLost, from }, async (nth, scene) => {
      const outage = scene.bench.s3.faults.add({ ...fault, times: Infinity, match: { nth } });
      const session = await scene.open(patienceMs);
      const end = await within(hungMs, `the outage from request ${nth} on`, endOf(session, scene));
      if (outage.fired === 0) expect(end).toBe("complete");
      // A catalogue that is late stops nobody: the photos are backed up, and the run says what is behind.
      else expect(["catalogue late", ...codes], `from request ${nth} on`).toContain(end);
      await expectWhole(scene, session, nth);
      return outage.fired > 0;
    });
  });
});

test("the helper waits as long as it takes, and stops at once when it is told to", { timeout: 300_000 }, async () => {
  await fromEveryRequest({}, async (nth, scene) => {
    const outage = scene.bench.s3.faults.add({ kind: "cut-before-store", times: Infinity, match: { nth } });
    const session = await scene.open(Number.POSITIVE_INFINITY);
    const stopping = new AbortController();
    const told = new Error("told to stop");
    let waits = 0;
    scene.bench.clock.onSleep = () => {
      if ((waits += 1) === 5) stopping.abort(told);
    };
    const run = session.run({ ...scene.bench.runOf(), stopping: stopping.signal, aborting: stopping.signal });
    const end = await within(
      hungMs,
      `the outage from request ${nth} on`,
      run.then(nothing, (error: unknown) => error),
    );
    if (outage.fired > 0) expect(end, `from request ${nth} on`).toBe(told);
    scene.bench.clock.onSleep = () => undefined;
    await expectWhole(scene, session, nth);
    return outage.fired > 0;
  });
});

test("one that is over before our patience is only waited for", { timeout: 300_000 }, async () => {
  await fromEveryRequest({}, async (nth, scene) => {
    const outage = scene.bench.s3.faults.add({ kind: "cut-before-store", times: 2, match: { nth } });
    const session = await scene.open(patienceMs);
    expect(await within(hungMs, `two cuts from request ${nth} on`, endOf(session, scene))).toBe("complete");
    await expectWhole(scene, session, nth);
    return outage.fired > 0;
  });
});

/** Tries one request after another until a run comes to its end before. @param tryIt says whether the outage was met */
async function fromEveryRequest(
  { isLedgerLost = false, from = 1 }: { isLedgerLost?: boolean; from?: number },
  tryIt: (nth: number, scene: OutageScene) => Promise<boolean>,
): Promise<void> {
  let nth = from;
  while (await tryIt(nth, await outageScene(isLedgerLost))) nth += stride;
  // A listing, a catalogue, a probe, photos and a movie in parts.
  expect(nth).toBeGreaterThan(25);
}

async function endOf(session: BackupSession, { bench }: OutageScene): Promise<string> {
  try {
    const { failed, catalogueError } = await session.run(bench.runOf());
    if (failed > 0) return `${failed} failed`;
    return catalogueError ? "catalogue late" : "complete";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Nothing claimed that is not so; and in fair weather the next run brings everything to its end. */
async function expectWhole(scene: OutageScene, session: BackupSession, nth: number): Promise<void> {
  expect(await scene.wrong(session), `after the outage from request ${nth} on`).toEqual([]);
  scene.bench.s3.faults.clear();
  // By then a service that asked for a wait has had it.
  scene.bench.clock.advance(3_600_000);
  const end = await within(hungMs, `fair weather after the outage from request ${nth} on`, endOf(session, scene));
  expect(end, `in fair weather after the outage from request ${nth} on`).toBe("complete");
  expect(await scene.wrong(session), `in fair weather, ${nth}`).toEqual([]);
  expect(await scene.unfinished(session), `in fair weather, ${nth}`).toEqual([]);
  await session.close();
}

/** @throws Error by name when it hangs */
async function within<Result>(ms: number, what: string, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: hung`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function nothing(): undefined {
  return undefined;
}
