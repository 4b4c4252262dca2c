import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { backoffMs } from "../../../helper/backup/backoff.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { failing, gateBench } from "../../support/engine/gate-bench.ts";

const outage = () => new BackupError("network-down");

describe("an outage", () => {
  test("is waited out, twice as long each time, and each try is told how often it was tried before", async () => {
    const { clock, gate, changes } = gateBench();
    const { operation, toldTries } = failing(4);
    expect(await gate.run(operation)).toBe("done");
    expect(toldTries).toEqual([0, 1, 2, 3, 4]);
    expect(clock.sleeps).toEqual([500, 1_000, 2_000, 4_000]);
    expect(changes.at(-1)).toBeUndefined();
    expect(changes[0]).toMatchObject({ since: 1_000_000, nextTryAt: 1_000_500 });
    expect(gate.outage).toBeUndefined();
  });

  test("closes the gate for everybody, and a single request tries whether it is over", async () => {
    const { clock, gate } = gateBench();
    let isDown = true;
    let inFlight = 0;
    const seenInFlight: number[] = [];
    const operation = async () => {
      inFlight += 1;
      if (gate.outage) seenInFlight.push(inFlight);
      await turn();
      inFlight -= 1;
      if (isDown) throw outage();
    };
    const first = gate.run(operation);
    while (!gate.outage) await turn();
    clock.onSleep = () => {
      if (clock.sleeps.length === 3) isDown = false;
    };
    await Promise.all([first, ...Array.from({ length: 5 }, () => gate.run(operation))]);
    expect(seenInFlight.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...seenInFlight)).toBe(1);
  });

  test("that several requests meet at once is one outage, not several", async () => {
    const { clock, gate } = gateBench();
    const release = Promise.withResolvers<void>();
    let isDown = true;
    const operation = async () => {
      await release.promise;
      if (isDown) throw outage();
    };
    const runs = Array.from({ length: 5 }, () => gate.run(operation));
    clock.onSleep = () => void (isDown = false);
    release.resolve();
    await Promise.all(runs);
    expect(clock.sleeps).toEqual([500]);
  });

  test("Retry-After is honored in full, also when other requests are still answered", async () => {
    const { clock, gate } = gateBench();
    const lateAnswer = Promise.withResolvers<void>();
    const question = gate.run(() => lateAnswer.promise);
    const triedAt: number[] = [];
    const upload = gate.run(async () => {
      triedAt.push(clock.now());
      if (triedAt.length === 1) throw new BackupError("throttled", { retryAfterMs: 600_000 });
    });
    while (!gate.outage) await turn();
    lateAnswer.resolve();
    await question;
    await upload;
    expect((triedAt[1] as number) - (triedAt[0] as number)).toBeGreaterThanOrEqual(600_000);
  });

  test("a longer Retry-After of a request already under way is honored too", async () => {
    const { clock, gate } = gateBench();
    const late = Promise.withResolvers<void>();
    let lateTries = 0;
    const slow = gate.run(async () => {
      lateTries += 1;
      await late.promise;
      if (lateTries === 1) throw new BackupError("throttled", { retryAfterMs: 90_000 });
    });
    const { operation } = failing(1);
    clock.onSleep = async () => {
      if (clock.sleeps.length > 1) return;
      late.resolve();
      while (gate.outage?.nextTryAt !== 1_090_000) await turn();
    };
    await Promise.all([slow, gate.run(operation)]);
    expect(clock.now()).toBeGreaterThanOrEqual(1_090_000);
  });

  test("invariant 8: uploads that fail while questions are answered wait longer each time and outlast no patience", async () => {
    const { clock, gate } = gateBench({ patienceMs: 300_000 });
    let uploads = 0;
    const upload = gate.run(async () => {
      uploads += 1;
      throw new BackupError("throttled");
    });
    let isOver = false;
    const questions = (async () => {
      while (!isOver) {
        await gate.run(async () => turn());
        await turn();
      }
    })();
    await expect(upload.finally(() => (isOver = true))).rejects.toMatchObject({ code: "throttled" });
    await questions;
    expect(uploads).toBeLessThan(20);
    expect(clock.now() - 1_000_000).toBeGreaterThanOrEqual(300_000);
  });

  test("that outlasts our patience is the operation's error, after at least two tries", async () => {
    const { gate } = gateBench({ patienceMs: 10_000 });
    const { operation, toldTries } = failing(Number.POSITIVE_INFINITY);
    await expect(gate.run(operation)).rejects.toMatchObject({ code: "network-down" });
    expect(toldTries.length).toBeGreaterThan(3);
    const impatient = gateBench({ patienceMs: 0 });
    const other = failing(Number.POSITIVE_INFINITY);
    await expect(impatient.gate.run(other.operation)).rejects.toMatchObject({ code: "network-down" });
    expect(other.toldTries).toEqual([0, 1]);
  });

  test("an abort ends the wait, of the one who probes and of those who wait for him", async () => {
    const { clock, gate } = gateBench();
    const stopping = new AbortController();
    const forever = Promise.withResolvers<void>();
    clock.sleep = async (milliseconds) => {
      await forever.promise;
      clock.advance(milliseconds);
    };
    const probing = gate.run(failing(1).operation);
    while (!gate.outage) await turn();
    const waiting = gate.run(async () => "never", stopping.signal);
    await turn();
    stopping.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    forever.resolve();
    expect(await probing).toBe("done");
  });

  test("an abort during the probe lets the next one probe", async () => {
    const { clock, gate } = gateBench();
    const stopping = new AbortController();
    clock.onSleep = () => {
      if (clock.sleeps.length === 1) stopping.abort(new Error("enough"));
    };
    const first = gate.run(failing(2).operation, stopping.signal);
    first.catch(() => undefined);
    while (!gate.outage) await turn();
    const second = gate.run(async () => "through");
    await expect(first).rejects.toThrow("enough");
    expect(await second).toBe("through");
    expect(gate.outage).toBeUndefined();
  });
});

describe("an answer that is no S3 service's", () => {
  const odd = () => new BackupError("not-s3");

  test("amid good ones is tried again, with growing waits", async () => {
    const { clock, gate, changes } = gateBench();
    await gate.run(async () => "good");
    expect(await gate.run(failing(3, odd).operation)).toBe("done");
    expect(clock.sleeps).toEqual([500, 1_000, 2_000]);
    expect(changes.at(-1)).toBeUndefined();
    // The good answer in between begins the count anew.
    expect(await gate.run(failing(3, odd).operation)).toBe("done");
  });

  test("invariant 8: again and again it is the wrong place, and stops the run", async () => {
    const { gate } = gateBench();
    await gate.run(async () => "good");
    const { operation, toldTries } = failing(100, odd);
    await expect(gate.run(operation)).rejects.toMatchObject({ code: "not-s3" });
    expect(toldTries).toHaveLength(4);
    expect(gate.outage).toBeUndefined();
  });

  test("to several requests at once counts once", async () => {
    const { gate } = gateBench();
    await gate.run(async () => "good");
    const all = Array.from({ length: 5 }, () => gate.run(failing(1, odd).operation));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 5 }, () => "done"));
  });

  test("from the start is the wrong place at once", async () => {
    const { clock, gate } = gateBench();
    await expect(gate.run(failing(1, odd).operation)).rejects.toMatchObject({ code: "not-s3" });
    expect(clock.sleeps).toEqual([]);
  });
});

describe("what is no outage", () => {
  test.each(["permission-denied", "credentials-refused", "quota-exceeded", "checksum-mismatch", "unknown"] as const)(
    "%s passes at once and is tried once",
    async (code) => {
      const { clock, gate } = gateBench();
      const { operation, toldTries } = failing(1, () => new BackupError(code));
      await expect(gate.run(operation)).rejects.toMatchObject({ code });
      expect(toldTries).toEqual([0]);
      expect(clock.sleeps).toEqual([]);
    },
  );

  test("invariant 8: an exception nobody foresaw passes as it is and is not taken for an answer", async () => {
    const { gate } = gateBench();
    const mistake = new TypeError("a mistake of ours");
    await expect(gate.run(() => Promise.reject(mistake))).rejects.toBe(mistake);
  });

  test("a refusal of the probe ends the outage, and the refusal is thrown", async () => {
    const { gate } = gateBench();
    let tries = 0;
    const operation = async () => {
      tries += 1;
      throw new BackupError(tries === 1 ? "network-down" : "permission-denied");
    };
    await expect(gate.run(operation)).rejects.toMatchObject({ code: "permission-denied" });
    expect(gate.outage).toBeUndefined();
  });
});

describe("backoff", () => {
  test("grows from half a second to five minutes, half of it by chance", () => {
    const waits = Array.from({ length: 30 }, (_, attempt) => backoffMs(attempt, () => 0));
    expect(waits.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(Math.max(...waits)).toBe(150_000);
    expect(backoffMs(29, () => 1)).toBe(300_000);
    expect(backoffMs(0, () => 1)).toBe(1_000);
  });

  test("a longer Retry-After wins in full, a shorter one does not shorten it", () => {
    expect(backoffMs(0, () => 0.5, 900_000)).toBe(900_000);
    expect(backoffMs(10, () => 0, 1)).toBe(150_000);
  });
});
