import { mkdirSync, readFileSync, utimesSync, writeFileSync, rmSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";
import { withStateLock } from "../../../helper/state/lock/with-state-lock.ts";
import { startWorker } from "../../support/state/run-worker.ts";
import { LockArena } from "../../support/state/lock-arena.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

const steps = [
  "looked",
  "found-dead-owner",
  "placed-right",
  "checked-link",
  "checked-right",
  "wrote-new-claim",
  "replaced-claim",
  "removed-rights",
] as const;

describe("acquireLock", () => {
  it("gives the lock to one, and to the next once it is released", async () => {
    const { helperLock, stateDir } = await tempState();
    const lock = await acquireLock(helperLock);
    expect(JSON.parse(readFileSync(helperLock, "utf8"))).toMatchObject({ pid: process.pid });
    await expect(acquireLock(helperLock)).rejects.toMatchObject({
      name: "LockBusyError",
      code: "another-helper-runs",
      ownerPid: process.pid,
      detail: `process ${process.pid}`,
    });
    lock.verify();
    await lock.release();
    expect(filesUnder(stateDir)).toEqual([]);
    const again = await acquireLock(helperLock);
    await again.release();
  });

  it("waits for a living owner", async () => {
    const { stateLock } = await tempState();
    const first = await acquireLock(stateLock);
    const sleeps: number[] = [];
    const second = await acquireLock(stateLock, {
      waitMs: 10_000,
      async sleep(ms) {
        sleeps.push(ms);
        await first.release();
      },
    });
    expect(sleeps).toHaveLength(1);
    second.verify();
  });

  it("gives up after the time it may wait", async () => {
    const { stateLock } = await tempState();
    await acquireLock(stateLock);
    let clock = 0;
    const waiting = acquireLock(stateLock, { waitMs: 1000, now: () => (clock += 100), sleep: async () => undefined });
    await expect(waiting).rejects.toMatchObject({ code: "state-unwritable" });
  });

  it("calls a lock that is gone with its folder unwritable state, not another helper", async () => {
    const { helperLock } = await tempState();
    const lock = await acquireLock(helperLock);
    rmSync(helperLock);
    expect(() => lock.verify()).toThrow(expect.objectContaining({ code: "state-unwritable" }));
    await lock.release();
  });

  it("knows what is surely lost from what cannot be told", async () => {
    const { helperLock } = await tempState();
    const lock = await acquireLock(helperLock);
    expect(lock.isLost()).toBe(false);
    const ours = readFileSync(helperLock);
    rmSync(helperLock);
    mkdirSync(helperLock);
    expect(lock.isLost(), "a folder in its place says nothing").toBe(false);
    expect(() => lock.verify()).toThrow(BackupError);
    rmSync(helperLock, { recursive: true });
    expect(lock.isLost()).toBe(true);
    writeFileSync(helperLock, JSON.stringify({ pid: 1, processStartTime: "of another", token: "f".repeat(32) }));
    expect(lock.isLost()).toBe(true);
    writeFileSync(helperLock, ours);
    expect(lock.isLost()).toBe(false);
    await lock.release();
  });

  it("notices that the lock was lost, and does not release another's", async () => {
    const { helperLock } = await tempState();
    const lock = await acquireLock(helperLock);
    const other = JSON.stringify({ pid: 1, processStartTime: "x", token: "f".repeat(32) });
    writeFileSync(helperLock, other);
    expect(() => lock.verify()).toThrow(expect.objectContaining({ code: "another-helper-runs" }));
    await lock.release();
    expect(readFileSync(helperLock, "utf8")).toBe(other);
  });

  it("judges by start time: a later process with the owner's pid does not keep the lock", async () => {
    const arena = new LockArena((await tempState()).helperLock);
    arena.leaveDeadOwner();
    const { outcome } = arena.contend({ pid: arena.deadPid + 1 });
    await arena.settle();
    expect(outcome()).toBe("owner");
  });

  it("takes an owner for alive whose start time cannot be told", async () => {
    const { helperLock } = await tempState();
    writeFileSync(helperLock, JSON.stringify({ pid: 77, processStartTime: "then", token: "a".repeat(32) }));
    const processStartTime = (pid: number): string => {
      if (pid === 77) throw new Error("ps could not be started");
      return "now";
    };
    await expect(acquireLock(helperLock, { processStartTime })).rejects.toMatchObject({ ownerPid: 77 });
  });

  it.each(["", "12345", '{"pid": 12', '{"pid": 1, "processStartTime": "x", "token": "../../etc"}', "\0".repeat(100)])(
    "takes a damaged lock (%j) over, but not while another program may be writing it",
    async (content) => {
      const { helperLock, stateDir } = await tempState();
      writeFileSync(helperLock, content);
      await expect(acquireLock(helperLock)).rejects.toMatchObject({ ownerPid: undefined });
      expect(readFileSync(helperLock, "utf8")).toBe(content);
      const lock = await acquireLock(helperLock, { wallClock: () => Date.now() + 11_000 });
      lock.verify();
      expect(filesUnder(stateDir)).toEqual(["helper.lock"]);
    },
  );

  it("sees that a damaged lock was written anew while its right was being taken", async () => {
    const { helperLock } = await tempState();
    writeFileSync(helperLock, "half a lo");
    const later = (): number => Date.now() + 11_000;
    let written = false;
    const taking = acquireLock(helperLock, {
      wallClock: () => (written ? Date.now() : later()),
      onStep(step) {
        if (step !== "placed-right") return;
        written = true;
        writeFileSync(helperLock, "half a lock of another program");
        utimesSync(helperLock, new Date(), new Date());
      },
    });
    await expect(taking).rejects.toMatchObject({ code: "another-helper-runs" });
    expect(readFileSync(helperLock, "utf8")).toBe("half a lock of another program");
  });
});

describe("takeover of a dead owner's lock: never two owners", () => {
  it.each(steps)("one delayed at %s while another runs to its end", async (step) => {
    const arena = new LockArena((await tempState()).helperLock);
    arena.leaveDeadOwner();
    const slow = arena.contend({ pauseAt: step });
    await slow.reached;
    const quick = arena.contend();
    await arena.settle();
    slow.resume();
    await arena.settle();
    expect([slow.outcome(), quick.outcome()].sort()).toEqual(["busy", "owner"]);
  });

  it.each(steps)("one delayed at %s while another takes it, releases it, and a third takes it", async (step) => {
    const arena = new LockArena((await tempState()).helperLock);
    arena.leaveDeadOwner();
    const slow = arena.contend({ pauseAt: step });
    await slow.reached;
    const quick = arena.contend();
    await arena.settle();
    if (quick.outcome() === "owner") await quick.release();
    const third = arena.contend();
    await arena.settle();
    slow.resume();
    await arena.settle();
    expect([slow.outcome(), third.outcome()].filter((outcome) => outcome === "owner")).toHaveLength(1);
  });

  it.each(steps)("one dead at %s keeps nobody out", async (step) => {
    const arena = new LockArena((await tempState()).helperLock);
    arena.leaveDeadOwner();
    const first = arena.contend({ pauseAt: step });
    await first.reached;
    first.kill();
    const second = arena.contend();
    await arena.settle();
    expect(second.outcome()).toBe("owner");
    await second.release();
    expect(arena.contend().outcome()).toBe("trying");
    await arena.settle();
  });

  const pairs = steps.flatMap((first) =>
    [...steps, "followed-right" as const].map((second) => [first, second] as const),
  );
  it.each(pairs)("one dead at %s, the next delayed at %s while a third runs to its end", async (first, second) => {
    const arena = new LockArena((await tempState()).helperLock);
    arena.leaveDeadOwner();
    const dead = arena.contend({ pauseAt: first });
    await dead.reached;
    dead.kill();
    const slow = arena.contend({ pauseAt: second });
    await Promise.race([slow.reached, slow.ended]);
    const quick = arena.contend();
    await arena.settle();
    slow.resume();
    await arena.settle();
    expect([slow.outcome(), quick.outcome()].sort()).toEqual(["busy", "owner"]);
  });

  it("holds for any order of steps, deaths and releases of many contenders", { timeout: 30_000 }, async () => {
    const { helperLock } = await tempState();
    let ownersSeen = 0;
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(99), { minLength: 50, maxLength: 250 }), async (choices) => {
        const arena = new LockArena(`${helperLock}-${round++}`);
        arena.leaveDeadOwner();
        for (const choice of choices) await arena.playOneStep(choice);
        ownersSeen += arena.ownersSeen;
        expect(arena.mostOwnersAtOnce).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60, verbose: 1 },
    );
    expect(ownersSeen).toBeGreaterThan(60);
  });

  it.each([...steps, "hold"])(
    "a real process killed with SIGKILL at %s leaves a lock the next can take",
    async (step) => {
      const { helperLock, stateDir } = await tempState();
      await startWorker("lock-worker.ts", [helperLock, "hold"]).ended;
      const killed = await startWorker("lock-worker.ts", [helperLock, step]).ended;
      expect(killed).toMatchObject({ signal: "SIGKILL" });
      const lock = await acquireLock(helperLock);
      lock.verify();
      await lock.release();
      expect(filesUnder(stateDir).filter((name) => !name.endsWith(".tmp"))).toEqual([]);
    },
  );
});

describe("withStateLock", () => {
  it("runs one at a time and passes on what was returned or thrown", async () => {
    const paths = await tempState();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<number> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      return inside--;
    };
    expect(await Promise.all([1, 2, 3].map(() => withStateLock(paths, work)))).toEqual([1, 1, 1]);
    expect(most).toBe(1);
    const failing = withStateLock(paths, () => Promise.reject(new RangeError("no")));
    await expect(failing).rejects.toThrow(RangeError);
    expect(filesUnder(paths.stateDir)).toEqual([]);
  });
});
