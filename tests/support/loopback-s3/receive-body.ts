import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import type { Segment, SegmentWriter } from "./body-store.ts";
import { ConnectionCut } from "./connection-cut.ts";
import type { ActiveFaults } from "./faults.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";

/** A body that came in whole and with the length it announced, and its digests in base64. */
export interface ReceivedBody {
  segment: Segment;
  sha256: string;
  md5: string;
  crc32: string;
}

interface ReceiveOptions {
  request: S3Request;
  response: ServerResponse;
  faults: ActiveFaults;
  writer: SegmentWriter;
  onBytes: (count: number) => void;
}

/**
 * Reads a request's body into `writer`, computing its digests on the way.
 * @throws S3Error MissingContentLength when no length was announced, EntityTooLarge above 5 GiB
 * @throws ConnectionCut when the client went away first, or a fault cut it
 */
export async function receiveBody(options: ReceiveOptions): Promise<ReceivedBody> {
  const { request, response, writer, faults } = options;
  const announced = announcedLength(request);
  // An SDK that asked "Expect: 100-continue" waits for this before it sends the body.
  if (request.headers.expect !== undefined) response.writeContinue();
  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  let crc = 0;
  let received = 0;
  const take = (chunk: Buffer): void => {
    received += chunk.length;
    options.onBytes(chunk.length);
    sha256.update(chunk);
    md5.update(chunk);
    crc = crc32(chunk, crc);
    writer.write(chunk);
  };
  try {
    await readBody(request.incoming, response, faults, announced, take);
    if (received !== announced || faults.get("cut-before-store")) throw new ConnectionCut();
  } catch {
    writer.discard();
    throw new ConnectionCut();
  }
  const crcBytes = Buffer.alloc(4);
  crcBytes.writeUInt32BE(crc);
  return {
    segment: writer.finish(),
    sha256: sha256.digest("base64"),
    md5: md5.digest("base64"),
    crc32: crcBytes.toString("base64"),
  };
}

function readBody(
  incoming: IncomingMessage,
  response: ServerResponse,
  faults: ActiveFaults,
  announced: number,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const cut = faults.get("cut-before-store");
  const stall = faults.get("stall-mid-body");
  const stopAfter = cut ? cut.afterBytes : stall && (stall.afterBytes ?? announced >> 1);
  const pace = faults.get("slow");
  let received = 0;
  return new Promise((resolve, reject) => {
    incoming.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (stopAfter !== undefined && received >= stopAfter) {
        incoming.pause();
        if (cut) reject(new ConnectionCut());
        else response.once("close", () => reject(new ConnectionCut()));
        return;
      }
      take(chunk);
      if (!pace) return;
      incoming.pause();
      setTimeout(() => incoming.resume(), (chunk.length / pace.bytesPerSecond) * 1000);
    });
    incoming.once("end", resolve);
    incoming.once("close", () => reject(new ConnectionCut()));
  });
}

const maxBodyBytes = 5 * 1024 ** 3;

function announcedLength(request: S3Request): number {
  const text = headerOf(request.headers, "content-length");
  if (text === undefined) {
    throw new S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  if (Number(text) > maxBodyBytes) {
    throw new S3Error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
  }
  return Number(text);
}
