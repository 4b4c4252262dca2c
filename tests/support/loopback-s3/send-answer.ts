import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { BodyStore } from "./body-store.ts";
import { ConnectionCut } from "./connection-cut.ts";
import type { ActiveFaults } from "./faults.ts";
import type { Answer } from "./operation-context.ts";

interface SendOptions {
  response: ServerResponse;
  answer: Answer;
  method: string;
  bodies: BodyStore;
  faults: ActiveFaults;
  onBytes: (count: number) => void;
}

const wrongSha256 = Buffer.alloc(32, 1).toString("base64");
const wrongEtag = '"00000000000000000000000000000000"';

/** Sends an answer, with whatever a fault does to its body. @throws ConnectionCut */
export async function sendAnswer(options: SendOptions): Promise<void> {
  const { response, method, faults } = options;
  const answer = withLies(options.answer, faults);
  const late = faults.get("slow-answer");
  if (late) await delay(late.delayMs);
  if (faults.get("close-after-answer")) response.once("finish", () => response.socket?.end());
  if (faults.get("endless-answer")) return sendForever(response, answer);
  const text = method === "HEAD" ? "" : (answer.body ?? "");
  const headers: Record<string, string> = { ...answer.headers };
  if (text !== "") headers["content-type"] ??= "application/xml";
  // A HEAD's content-length is that of the object; every other answer has the length of what it sends.
  if (!answer.stored && headers["content-length"] === undefined)
    headers["content-length"] = String(Buffer.byteLength(text));
  response.writeHead(answer.status, headers);
  if (answer.stored) return sendStored(options, answer.stored);
  options.onBytes(Buffer.byteLength(text));
  response.end(text);
}

/** The answer as a fault makes it say something else. */
function withLies(answer: Answer, faults: ActiveFaults): Answer {
  const headers: Record<string, string> = { ...answer.headers };
  let { body } = answer;
  if (faults.get("wrong-etag")) {
    body = body?.replace(/<ETag>.*?<\/ETag>/g, `<ETag>${wrongEtag}</ETag>`);
    if (headers.etag) headers.etag = wrongEtag;
  }
  if (faults.get("wrong-checksum")) {
    body = body?.replace(/<ChecksumSHA256>.*?</g, `<ChecksumSHA256>${wrongSha256}<`);
    if (headers["x-amz-checksum-sha256"]) headers["x-amz-checksum-sha256"] = wrongSha256;
  }
  if (faults.get("truncated-answer")) body = body?.slice(0, body.length >> 1);
  return { ...answer, headers, ...(body !== undefined && { body }) };
}

async function sendForever(response: ServerResponse, answer: Answer): Promise<void> {
  response.writeHead(answer.status, { ...answer.headers, "content-type": "application/xml" });
  await write(response, Buffer.from(answer.body ?? "<?xml"));
  const more = Buffer.alloc(65_536, " ");
  while (!response.closed) await write(response, more);
}

async function sendStored(options: SendOptions, stored: NonNullable<Answer["stored"]>): Promise<void> {
  const { response, faults } = options;
  const sizeBytes = stored.end - stored.start;
  const truncate = faults.get("truncate-read");
  const stall = faults.get("stall-mid-body");
  const stopAfter = truncate
    ? (truncate.deliverBytes ?? sizeBytes >> 1)
    : stall && (stall.afterBytes ?? sizeBytes >> 1);
  const end = stopAfter === undefined ? stored.end : Math.min(stored.start + stopAfter, stored.end);
  const pace = faults.get("slow");
  for await (const chunk of options.bodies.read(stored.segments, stored.start, end)) {
    const step = pace ? Math.max(1, Math.floor(pace.bytesPerSecond / 20)) : chunk.length;
    for (let at = 0; at < chunk.length; at += step) {
      await write(response, chunk.subarray(at, at + step));
      options.onBytes(Math.min(step, chunk.length - at));
      if (pace) await delay((step / pace.bytesPerSecond) * 1000);
    }
  }
  if (stall) await new Promise<void>((resolve) => response.once("close", resolve));
  if (stopAfter !== undefined) throw new ConnectionCut();
  response.end();
}

function write(response: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(chunk, (error) => (error ? reject(new ConnectionCut()) : resolve()));
  });
}
