import type { IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import { BackupError } from "../state/errors/backup-error.ts";
import type { TimeLimits } from "./time-limits.ts";

/**
 * Ends a download with a `timeout` that brings no byte for too long, or all in all fewer than the slowest line would: a
 * byte a minute would keep its reader for ever. Not for want of a byte while its reader has some left to take.
 */
export function watchDownload(message: IncomingMessage, { idleMs, totalMs, slowestBytesPerSecond }: TimeLimits): void {
  const { socket } = message;
  const bytesBefore = socket.bytesRead;
  const startedAt = performance.now();
  const giveUp = (detail: string) => message.destroy(new BackupError("timeout", { detail }));
  const onIdle = () => {
    if (message.readableLength === 0) giveUp("the download stopped");
  };
  const look = () => {
    const slowestMs = ((socket.bytesRead - bytesBefore) / slowestBytesPerSecond) * 1_000;
    const leftMs = startedAt + totalMs + slowestMs - performance.now();
    if (leftMs <= 0) giveUp("the whole download took too long");
    else timer = setTimeout(look, Math.ceil(leftMs));
  };
  let timer = setTimeout(look, totalMs);
  socket.setTimeout(idleMs, onIdle);
  message.once("close", () => {
    clearTimeout(timer);
    socket.setTimeout(0).removeListener("timeout", onIdle);
  });
}
