import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import { openLedger } from "../../helper/state/ledger/open-ledger.ts";
import { startWorker, type Worker } from "../support/state/run-worker.ts";
import { someDestination } from "../support/state/samples.ts";
import { filesUnder, tempState } from "../support/state/temp-state.ts";

/** CI gives this 30 seconds. */
const stressMs = Number(process.env.STRESS_SECONDS ?? 5) * 1000;

/** A worker that is started again whenever it is killed; knows everything its processes said. */
class Restarted {
  readonly killedPids = new Set<number>();
  /** What each process said, in order. */
  readonly said: string[][] = [];
  readonly #script: string;
  readonly #args: string[];
  #worker: Worker;

  constructor(script: string, args: string[]) {
    this.#script = script;
    this.#args = args;
    this.#worker = this.#start();
    onTestFinished(() => void this.#worker.child.kill("SIGKILL"));
  }

  async killAndRestart(): Promise<void> {
    this.killedPids.add(this.#worker.child.pid ?? 0);
    this.#worker.child.kill("SIGKILL");
    expect(await this.#worker.ended).toEqual({ code: null, signal: "SIGKILL", stderr: "" });
    this.#worker = this.#start();
  }

  async stop(): Promise<void> {
    // Only once it has said something is its handler for SIGTERM surely in place.
    while (this.#worker.lines.length === 0) await delay(20);
    this.#worker.child.kill("SIGTERM");
    expect(await this.#worker.ended).toEqual({ code: 0, signal: null, stderr: "" });
  }

  #start(): Worker {
    const worker = startWorker(this.#script, this.#args);
    this.said.push(worker.lines);
    return worker;
  }
}

/** Park and Miller's generator: a failing run can be repeated with the seed it prints. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe("state under stress", () => {
  it(
    `two helpers and four writers, killed at random for ${stressMs / 1000} s`,
    { timeout: stressMs + 120_000 },
    async () => {
      const seed = Number(process.env.STRESS_SEED ?? randomInt(1, 2 ** 31 - 2));
      console.log(`STRESS_SEED=${seed}`);
      const random = randomFrom(seed);
      const paths = await tempState();
      const log = join(paths.stateDir, "owners.log");
      const writers = ["a", "b", "c", "d"].map((name) => new Restarted("settings-writer.ts", [paths.stateDir, name]));
      const helpers = [1, 2].map(() => new Restarted("lock-owner.ts", [paths.stateDir, log]));
      const all = [...writers, ...helpers];

      const endAt = performance.now() + stressMs;
      while (performance.now() < endAt) {
        await delay(200 + random() * 800);
        await all[Math.floor(random() * all.length)]?.killAndRestart();
      }
      await Promise.all(all.map((worker) => worker.stop()));

      await expectNoLostUpdate(paths, writers);
      expectNeverTwoOwners(log, helpers);
      await expectNothingLost(paths, helpers);
    },
  );
});

async function expectNoLostUpdate(paths: Parameters<typeof readSettings>[0], writers: Restarted[]): Promise<void> {
  const settings = await readSettings(paths);
  const counters = Object.values(settings.counters as Record<string, number>);
  expect(settings.shared).toBe(counters.reduce((sum, count) => sum + count, 0));
  for (const [index, writer] of writers.entries()) {
    const processes = writer.said.map((lines) => lines.map(Number)).filter((counts) => counts.length > 0);
    for (const counts of processes) expect(counts).toEqual(counts.map((_, step) => (counts[0] ?? 0) + step));
    // A kill may come between a write and the word that it is done: one at the most, each time.
    let last = 0;
    for (const counts of processes) {
      expect(counts[0]).toBeGreaterThan(last);
      last = counts.at(-1) ?? 0;
    }
    expect(last).toBeGreaterThan(0);
    const own = (settings.counters as Record<string, number>)["abcd"[index] ?? ""];
    expect(own).toBe(last);
  }
}

/** Whoever is still at work when another begins must have been killed before, and is never heard of again. */
function expectNeverTwoOwners(log: string, helpers: Restarted[]): void {
  const killed = new Set(helpers.flatMap((helper) => [...helper.killedPids]));
  const gone = new Set<string>();
  let owner: string | undefined;
  let tenures = 0;
  let takeovers = 0;
  for (const line of readFileSync(log, "utf8").trim().split("\n")) {
    const [word, pid = ""] = line.split(" ");
    expect(gone).not.toContain(pid);
    if (word === "begin") {
      tenures++;
      if (owner !== undefined) {
        expect(killed).toContain(Number(owner));
        gone.add(owner);
        takeovers++;
      }
      owner = pid;
      continue;
    }
    expect(pid).toBe(owner);
    if (word === "end") owner = undefined;
  }
  console.log(`helper.lock: ${tenures} tenures, ${takeovers} takeovers`);
  expect(tenures).toBeGreaterThan(1);
}

async function expectNothingLost(paths: Parameters<typeof readSettings>[0], helpers: Restarted[]): Promise<void> {
  expect(existsSync(paths.helperLock)).toBe(false);
  const recorded = helpers.flatMap((helper) => helper.said.flat()).filter((line) => line.startsWith("/"));
  const ledger = await openLedger(paths, someDestination);
  expect(ledger.wasSetAside).toBeUndefined();
  expect(recorded.filter((path) => ledger.get(path) === undefined)).toEqual([]);
  expect(recorded.length).toBeGreaterThan(20);
  await ledger.close();
  expect(JSON.parse(readFileSync(paths.ledger, "utf8")).version).toBe(1);
  const left = filesUnder(paths.stateDir).filter((name) => !name.includes(".takeover-"));
  expect(left).toEqual([
    "audit.jsonl",
    "backup-state.journal.jsonl",
    "backup-state.json",
    "owners.log",
    "settings.json",
  ]);
}
