import { nodeAtomicFs, type AtomicFs } from "../../../helper/state/files/write-temp-file.ts";
import { nodeLedgerFs, type LedgerFs } from "../../../helper/state/ledger/ledger-fs.ts";

/** "short": a write takes half of its bytes and says so; any other call then fails with ENOSPC. */
export type FaultKind = "ENOSPC" | "EIO" | "short";

export interface Faults {
  /** True once the fault has happened; a test that never met it has tested nothing. */
  fired: boolean;
  /** Names of the calls so far. */
  calls: string[];
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: made up by a test, ${syscall}`), { code, syscall });
}

/** A real file system whose call number `failingCall` (from 0) fails once; with `sticky` every later one fails too. */
export function faultyFs(failingCall: number, kind: FaultKind, sticky = false): { fs: LedgerFs; faults: Faults } {
  const faults: Faults = { fired: false, calls: [] };

  const isFaulty = (name: string): boolean => {
    const number = faults.calls.push(name) - 1;
    const faulty = number === failingCall || (sticky && number > failingCall);
    faults.fired ||= faulty;
    return faulty;
  };
  const check = (name: string): void => {
    if (isFaulty(name)) throw systemError(kind === "short" ? "ENOSPC" : kind, name);
  };

  const atomic: AtomicFs = {
    async open(path, flags, mode) {
      check("open");
      const handle = await nodeAtomicFs.open(path, flags, mode);
      return {
        async write(buffer, offset, length) {
          if (!isFaulty("write")) return handle.write(buffer, offset, length);
          if (kind !== "short") throw systemError(kind, "write");
          return handle.write(buffer, offset, Math.floor(length / 2));
        },
        async sync() {
          check("fsync");
          await handle.sync();
        },
        close: () => handle.close(),
      };
    },
    async rename(from, to) {
      check("rename");
      await nodeAtomicFs.rename(from, to);
    },
    unlink: (path) => nodeAtomicFs.unlink(path),
  };
  const fs: LedgerFs = {
    ...nodeLedgerFs,
    atomic,
    openSync(path, flags, mode) {
      check("openSync");
      return nodeLedgerFs.openSync(path, flags, mode);
    },
    writeSync(file, buffer) {
      if (!isFaulty("writeSync")) return nodeLedgerFs.writeSync(file, buffer);
      const half = nodeLedgerFs.writeSync(file, buffer.subarray(0, Math.floor(buffer.length / 2)));
      if (kind !== "short") throw systemError(kind, "write");
      return half;
    },
    ftruncateSync(file, sizeBytes) {
      check("ftruncateSync");
      nodeLedgerFs.ftruncateSync(file, sizeBytes);
    },
    renameSync(from, to) {
      check("renameSync");
      nodeLedgerFs.renameSync(from, to);
    },
  };
  return { fs, faults };
}
