import { writeFileSync } from "node:fs";
import { acquireLock, type HeldLock } from "../../../helper/state/lock/acquire-lock.ts";
import type { LockStep } from "../../../helper/state/lock/take-over-lock.ts";

type Outcome = "trying" | "paused" | "busy" | "owner" | "dead" | "released";

interface ContendOptions {
  pid?: number;
  /** Stop at this step until `resume`. */
  pauseAt?: LockStep;
  /** Stop at every step until `resume`. */
  pauseAlways?: boolean;
}

interface Contender {
  pid: number;
  outcome(): Outcome;
  /** Resolves when it stops for the first time. */
  reached: Promise<void>;
  ended: Promise<void>;
  resume(): void;
  /** From now on it does nothing any more and counts as a dead process. */
  kill(): void;
  release(): Promise<void>;
}

/** Pretended processes that fight for one lock, each stopped, resumed or killed at any step. */
export class LockArena {
  readonly deadPid = 1000;
  mostOwnersAtOnce = 0;
  ownersSeen = 0;
  readonly #path: string;
  readonly #living = new Map<number, string>();
  readonly #contenders: Contender[] = [];
  #nextPid = 2000;
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  leaveDeadOwner(): void {
    const claim = { pid: this.deadPid, processStartTime: "long ago", token: "0123456789abcdef".repeat(2) };
    writeFileSync(this.#path, JSON.stringify(claim));
    // The pid lives on in another process.
    this.#living.set(this.deadPid, "later");
  }

  contend({ pid = this.#nextPid++, pauseAt, pauseAlways = false }: ContendOptions = {}): Contender {
    this.#living.set(pid, `start of ${pid}`);
    let outcome: Outcome = "trying";
    let lock: HeldLock | undefined;
    let go: () => void = () => undefined;
    let reach: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));

    const onStep = async (step: LockStep): Promise<void> => {
      if (step !== pauseAt && !pauseAlways) return;
      const before = outcome;
      outcome = "paused";
      this.#stopped();
      reach();
      await new Promise<void>((resolve) => (go = resolve));
      outcome = before;
      this.#running++;
      pauseAt = undefined;
    };
    const run = async (): Promise<void> => {
      try {
        lock = await acquireLock(this.#path, {
          pid,
          processStartTime: (asked) => this.#living.get(asked),
          onStep,
          now: () => 0,
          waitMs: 0,
        });
        outcome = "owner";
        this.ownersSeen++;
        this.#countOwners();
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "LockBusyError") throw error;
        outcome = "busy";
      }
      this.#stopped();
    };
    this.#running++;
    const ended = run();

    const contender: Contender = {
      pid,
      outcome: () => outcome,
      reached,
      ended,
      resume: () => go(),
      kill: () => {
        this.#living.delete(pid);
        outcome = "dead";
      },
      release: async () => {
        pauseAlways = false;
        await lock?.release();
        outcome = "released";
      },
    };
    this.#contenders.push(contender);
    return contender;
  }

  /** Resolves when every contender has ended, is stopped or dead. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** One random event: somebody new comes, goes on by one step, dies, or releases. */
  async playOneStep(choice: number): Promise<void> {
    const paused = this.#contenders.filter((contender) => contender.outcome() === "paused");
    const owner = this.#contenders.find((contender) => contender.outcome() === "owner");
    const chosen = paused[choice % Math.max(1, paused.length)];
    if (choice < 15 || paused.length === 0) this.contend({ pauseAlways: true });
    else if (choice < 22) chosen?.kill();
    else if (choice < 26 && owner) owner.kill();
    else if (choice < 30 && owner) await owner.release();
    else chosen?.resume();
    await this.settle();
  }

  #countOwners(): void {
    const owners = this.#contenders.filter((contender) => contender.outcome() === "owner");
    this.mostOwnersAtOnce = Math.max(this.mostOwnersAtOnce, owners.length);
  }

  #stopped(): void {
    this.#running--;
    if (this.#running > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
