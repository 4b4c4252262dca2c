import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { BackupError } from "../state/errors/backup-error.ts";
import type { TimeLimits } from "./time-limits.ts";
import { watchDownload } from "./watch-download.ts";
import { Watchdog } from "./watchdog.ts";
import { bodyPieceBytes, writeBody } from "./write-body.ts";

export interface ExchangeOptions {
  body: Uint8Array | string | Readable | undefined;
  /** For the time that is given; undefined where it is not known. */
  bodyBytes: number | undefined;
  /** The answer is handed on as a stream; else it is taken into memory. */
  isDownload: boolean;
  /** The event that tells that a new connection is ready. */
  openedBy: "connect" | "secureConnect";
  responseMs: number;
  /** For the whole exchange, beside the time for the body. */
  totalMs: number;
  limits: TimeLimits;
  signal: AbortSignal | undefined;
  /** Told of the bytes of a larger body that the network has taken so far. */
  onSent?: ((sentBytes: number) => void) | undefined;
}

export interface Answer {
  message: IncomingMessage;
  body: Uint8Array | IncomingMessage;
}

/** Bytes of a body that the network has taken, but may not have sent yet: they wait in the system's own memory. */
const systemHoldsBytesMost = 2 * 1024 * 1024;

/** "100 Continue" and the like may come before an answer; read without end they hold the processor. */
const wordsBeforeMost = 100;

const tooEarly = "it said yes before the whole body was sent";

const openedSockets = new WeakSet<Socket>();

/**
 * Sends one request and takes its answer, none of it endlessly. Waiting for the agent's only connection does not count:
 * the body before may rightly take hours.
 * @throws BackupError `timeout`, or `not-s3` for an answer without end and a yes to a body that was not sent; the network's
 * error; AbortError
 */
export function exchange(request: ClientRequest, options: ExchangeOptions): Promise<Answer> {
  const { limits, signal, bodyBytes = 0 } = options;
  const slowestMs = (bytes: number) => (bytes / limits.slowestBytesPerSecond) * 1_000;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const fail = (error: Error) => {
    finish();
    // The error belongs to the promise; given to `destroy` it would be emitted as well.
    request.destroy();
    reject(error);
  };
  const watchdog = new Watchdog((what) => fail(new BackupError("timeout", { detail: what })));
  const onAbort = () => fail(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
  const finish = () => {
    watchdog.stop();
    signal?.removeEventListener("abort", onAbort);
  };
  request.on("error", fail);
  // An answer that is none (101, for one) ends the connection without a word.
  const onClose = () => fail(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  request.once("close", onClose);
  let wordsBefore = 0;
  request.on("information", () => {
    wordsBefore += 1;
    if (wordsBefore > wordsBeforeMost) fail(new BackupError("not-s3", { detail: "it never comes to its answer" }));
  });
  if (signal?.aborted) {
    onAbort();
    return promise;
  }
  signal?.addEventListener("abort", onAbort, { once: true });
  request.once("socket", (socket) => {
    watchdog.limitTotal(options.totalMs + slowestMs(bodyBytes));
    const begin = () => {
      if (!request.writableFinished) watchdog.watch("no byte of the body was taken", limits.idleMs);
    };
    if (openedSockets.has(socket)) return begin();
    watchdog.watch("no connection was made", limits.connectMs);
    socket.once(options.openedBy, () => {
      openedSockets.add(socket);
      begin();
    });
  });
  let takenBytes = 0;
  // Of the last piece the answer may tell before the network does.
  const isHandedOver = () => bodyBytes - takenBytes <= bodyPieceBytes;
  const answerMs = options.responseMs + slowestMs(Math.min(bodyBytes, systemHoldsBytesMost));
  request.once("finish", () => watchdog.watch("no answer came", answerMs));
  request.once("response", (message) => {
    request.off("close", onClose);
    if (options.isDownload && isYes(message)) {
      watchdog.stop();
      watchDownload(message, limits);
      message.once("close", finish);
      return resolve({ message, body: message });
    }
    if (request.writableFinished) watchdog.watch("the answer stopped", limits.idleMs);
    collect(message, { limits, onData: () => watchdog.moved(), onError: fail }, (body) => {
      if (isYes(message) && !isHandedOver()) return fail(new BackupError("not-s3", { detail: tooEarly }));
      finish();
      // An answer before the body is through is a refusal; what is left of the body is of no use to anybody.
      if (!request.writableFinished) request.destroy();
      resolve({ message, body });
    });
  });
  const onTaken = (sentBytes: number) => {
    takenBytes = sentBytes;
    watchdog.moved();
    options.onSent?.(sentBytes);
  };
  writeBody(request, options.body, { onTaken, onError: fail });
  return promise;
}

function isYes({ statusCode }: IncomingMessage): boolean {
  return statusCode !== undefined && statusCode < 300;
}

function collect(
  message: IncomingMessage,
  { limits, onData, onError }: { limits: TimeLimits; onData: () => void; onError: (error: Error) => void },
  onEnd: (body: Uint8Array) => void,
): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  message.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > limits.answerBytesMost) {
      chunks.length = 0;
      return onError(new BackupError("not-s3", { detail: "its answer has no end" }));
    }
    chunks.push(chunk);
    onData();
  });
  message.once("end", () => onEnd(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  message.on("error", onError);
}
