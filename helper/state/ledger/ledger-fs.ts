import { closeSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { nodeAtomicFs, type AtomicFs } from "../files/write-temp-file.ts";

/** What of the file system the ledger writes with; tests put faults here. */
export interface LedgerFs {
  atomic: AtomicFs;
  openSync(path: string, flags: string, mode: number): number;
  readSync(file: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(file: number, buffer: Uint8Array): number;
  ftruncateSync(file: number, sizeBytes: number): void;
  renameSync(from: string, to: string): void;
  closeSync(file: number): void;
}

export const nodeLedgerFs: LedgerFs = {
  atomic: nodeAtomicFs,
  openSync,
  readSync,
  writeSync: (file, buffer) => writeSync(file, buffer),
  ftruncateSync,
  renameSync,
  closeSync,
};
