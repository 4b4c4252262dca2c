import { describe, expect, it } from "vitest";
import { processStartTime, type ProcessStartTimeOutside } from "../../../helper/state/lock/process-start-time.ts";
import { startWorker } from "../../support/state/run-worker.ts";
import { tempState } from "../../support/state/temp-state.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: "kill" });
}

function outside(changes: Partial<ProcessStartTimeOutside>): ProcessStartTimeOutside {
  const unexpected = (): never => {
    throw new Error("not expected to be asked");
  };
  return { platform: "linux", readText: unexpected, runPs: unexpected, probe: () => undefined, ...changes };
}

function linuxWith(stat: string): ProcessStartTimeOutside {
  return outside({ readText: (path) => (path.endsWith("boot_id") ? "boot-1\n" : stat) });
}

const fieldsAfterState = (threads: number): string =>
  `1 1 1 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 ${threads} 0 987654 1 2 3\n`;

describe("processStartTime", () => {
  it("is the same for a living process whenever it is asked, and undefined once it is gone", async () => {
    const { helperLock } = await tempState();
    const worker = startWorker("lock-worker.ts", [helperLock, "hold"]);
    const pid = worker.child.pid ?? 0;
    const started = processStartTime(pid);
    expect(started).toMatch(/./);
    expect(processStartTime(pid)).toBe(started);
    expect(processStartTime(process.pid)).not.toBe(started);
    await worker.ended;
    expect(processStartTime(pid)).toBeUndefined();
  });

  it.each([0, -1, 1.5, NaN])("knows no process %d", (pid) => {
    expect(processStartTime(pid)).toBeUndefined();
  });

  it("reads the start from /proc, whatever the command is called", () => {
    expect(processStartTime(5, linuxWith(`5 (node) S ${fieldsAfterState(11)}`))).toBe("boot-1:987654");
    expect(processStartTime(5, linuxWith(`5 (a) Z 1) (b) S ${fieldsAfterState(11)}`))).toBe("boot-1:987654");
  });

  it("counts a zombie as gone, but not one whose other threads still run", () => {
    expect(processStartTime(5, linuxWith(`5 (node) Z ${fieldsAfterState(1)}`))).toBeUndefined();
    expect(processStartTime(5, linuxWith(`5 (node) Z ${fieldsAfterState(2)}`))).toBe("boot-1:987654");
  });

  it("does not take a process that /proc hides for a dead one", () => {
    const hidden = outside({
      readText: () => {
        throw systemError("ENOENT");
      },
    });
    expect(() => processStartTime(5, hidden)).toThrow("ENOENT");
    const gone = outside({
      ...hidden,
      probe: () => {
        throw systemError("ESRCH");
      },
    });
    expect(processStartTime(5, gone)).toBeUndefined();
  });

  it("asks ps on macOS, in a fixed language and time zone", () => {
    const asked: unknown[] = [];
    const mac = outside({
      platform: "darwin",
      runPs(args, env) {
        asked.push([args, env]);
        return "Ss   Sun Nov  2 20:52:02 2026    \n";
      },
    });
    expect(processStartTime(42, mac)).toBe("Sun Nov 2 20:52:02 2026");
    expect(asked).toEqual([[["-o", "stat=", "-o", "lstart=", "-p", "42"], { LC_ALL: "C", TZ: "UTC" }]]);
    const zombie = { ...mac, runPs: () => "Z+   Sun Nov  2 20:52:02 2026\n" };
    expect(processStartTime(42, zombie)).toBeUndefined();
  });

  it("throws on macOS when ps fails although the process is there", () => {
    const failing = outside({
      platform: "darwin",
      runPs: () => {
        throw new Error("no more processes");
      },
    });
    expect(() => processStartTime(42, failing)).toThrow("no more processes");
    let probes = 0;
    const endedMeanwhile = {
      ...failing,
      probe: () => {
        if (probes++ > 0) throw systemError("ESRCH");
      },
    };
    expect(processStartTime(42, endedMeanwhile)).toBeUndefined();
  });
});
