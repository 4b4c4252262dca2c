import type { IncomingMessage, ServerResponse } from "node:http";
import { classifyOperation, type OperationName } from "./classify-operation.ts";
import { ConnectionCut } from "./connection-cut.ts";
import { ActiveFaults } from "./faults.ts";
import type { FaultOf } from "./fault-kinds.ts";
import type { Answer } from "./operation-context.ts";
import { performOperation } from "./perform-operation.ts";
import { receiveBody } from "./receive-body.ts";
import type { LoggedRequest } from "./request-log.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, parseS3Request, type S3Request } from "./s3-request.ts";
import { sendAnswer } from "./send-answer.ts";
import type { ServerState } from "./server-state.ts";
import { xmlDocument } from "./xml.ts";

/** One request from its arrival to its answer: log it, see which faults hit it, perform it, answer. */
export async function handleRequest(
  server: ServerState,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = new Exchange(server, incoming, response);
  try {
    const answer = await exchange.perform().catch((error: unknown) => exchange.errorAnswer(error));
    await exchange.send(answer);
  } catch {
    // A fault cut the connection, or the client is gone: there is nobody to tell.
    incoming.socket.destroy();
  } finally {
    exchange.finish();
  }
}

/** The state of one request while it is handled. */
class Exchange {
  readonly #server: ServerState;
  readonly #incoming: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #entry: LoggedRequest;
  #faults = new ActiveFaults([]);
  #endBody: () => void = () => undefined;

  constructor(server: ServerState, incoming: IncomingMessage, response: ServerResponse) {
    this.#server = server;
    this.#incoming = incoming;
    this.#response = response;
    this.#entry = newEntry(incoming, server.now());
    server.log.requests.push(this.#entry);
    server.underWay.set(incoming.socket, this.#entry);
  }

  /** @throws S3Error to be answered, ConnectionCut when there is to be no answer */
  async perform(): Promise<Answer> {
    const request = parseS3Request(this.#incoming);
    this.#entry.bucket = request.bucket;
    this.#entry.key = request.key;
    const operation = classifyOperation(request);
    this.#entry.operation = operation;
    if (operation === "PutObject" || operation === "UploadPart") {
      this.#endBody = this.#server.bodies.begin();
      this.#response.once("close", this.#endBody);
    }
    this.#faults = this.#server.faults.take(request, operation);
    this.#entry.faults = this.#faults.kinds;
    this.#server.log.changed();
    return (await this.#faultAnswer()) ?? (await this.#performWhole(request, operation));
  }

  async #faultAnswer(): Promise<Answer | undefined> {
    const status = this.#faults.get("status");
    if (status) throw faultError(status);
    const late = this.#faults.get("error-in-200");
    if (late) {
      await this.#drain();
      return { status: 200, body: errorDocument({ code: late.code ?? "InternalError", message: "Injected fault" }) };
    }
    const html = this.#faults.get("html-answer");
    if (html) {
      await this.#drain();
      const headers = { "content-type": "text/html" };
      return { status: html.status ?? 200, headers, body: "<html><body>Please sign in to the network.</body></html>" };
    }
    if (!this.#faults.get("stall")) return undefined;
    await this.#drain();
    if (!this.#response.closed) await new Promise<void>((resolve) => this.#response.once("close", resolve));
    throw new ConnectionCut();
  }

  async #performWhole(request: S3Request, operation: OperationName): Promise<Answer> {
    const hasBody = Number(request.headers["content-length"] ?? 0) > 0;
    if (this.#faults.get("cut-before-store") && !hasBody) throw new ConnectionCut();
    const answer = await performOperation({
      server: this.#server,
      request,
      operation,
      faults: this.#faults,
      receiveInto: (writer) =>
        receiveBody({ request, response: this.#response, faults: this.#faults, writer, onBytes: this.#countReceived }),
    });
    if (this.#faults.get("cut-after-store")) throw new ConnectionCut();
    return answer;
  }

  /** The answer for an error. @throws ConnectionCut when it was that */
  async errorAnswer(error: unknown): Promise<Answer> {
    if (error instanceof ConnectionCut) throw error;
    const s3Error = error instanceof S3Error ? error : new S3Error(500, "InternalError", String(error));
    await this.#drain();
    this.#entry.errorCode = s3Error.code;
    const body = errorDocument({ ...s3Error.details, code: s3Error.code, message: s3Error.message });
    const { headers = {}, isBare } = s3Error.details;
    return { status: s3Error.status, headers, ...(isBare ? {} : { body }) };
  }

  async send(answer: Answer): Promise<void> {
    this.#endBody();
    this.#entry.status = answer.status;
    this.#response.setHeader("x-amz-request-id", requestId(this.#server.log.requests.length));
    if (this.#server.behavior.server) this.#response.setHeader("server", this.#server.behavior.server);
    this.#response.setHeader("date", this.#server.now().toUTCString());
    await sendAnswer({
      response: this.#response,
      answer,
      method: this.#entry.method,
      bodies: this.#server.store.bodies,
      faults: this.#faults,
      onBytes: (count) => (this.#entry.sentBytes += count),
    });
  }

  finish(): void {
    this.#endBody();
    this.#entry.elapsedMs = this.#server.now().getTime() - this.#entry.startedAt.getTime();
    this.#server.log.changed();
  }

  readonly #countReceived = (count: number): void => {
    this.#entry.receivedBytes += count;
    this.#server.log.changed();
  };

  /** Takes what is left of the body, so that the client reads our answer instead of a reset connection. */
  async #drain(): Promise<void> {
    if (this.#incoming.complete && this.#incoming.readableEnded) return;
    if (this.#incoming.headers.expect !== undefined && this.#entry.receivedBytes === 0) {
      this.#response.setHeader("connection", "close");
      return;
    }
    try {
      for await (const chunk of this.#incoming as AsyncIterable<Buffer>) this.#countReceived(chunk.length);
    } catch {
      throw new ConnectionCut();
    }
  }
}

function requestId(number: number): string {
  return `LOOPBACK${String(number).padStart(8, "0")}`;
}

function errorDocument(error: { code: string; message: string; elements?: Record<string, string> }): string {
  const { code, message, elements = {} } = error;
  return xmlDocument("Error", [["Code", code], ["Message", message], ...Object.entries(elements), ["RequestId", "0"]]);
}

function faultError({ status, code, message, retryAfter, isBare = false, ...given }: FaultOf<"status">): S3Error {
  const headers: Record<string, string> = { ...given.headers };
  if (retryAfter !== undefined) {
    headers["retry-after"] = typeof retryAfter === "number" ? String(retryAfter) : retryAfter.toUTCString();
  }
  return new S3Error(
    status,
    code ?? (status >= 500 ? "ServiceUnavailable" : "BadRequest"),
    message ?? "Injected fault",
    { headers, isBare },
  );
}

function newEntry(incoming: IncomingMessage, startedAt: Date): LoggedRequest {
  return {
    method: incoming.method ?? "",
    operation: undefined,
    bucket: undefined,
    key: undefined,
    status: undefined,
    errorCode: undefined,
    receivedBytes: 0,
    sentBytes: 0,
    startedAt,
    elapsedMs: undefined,
    faults: [],
    userAgent: incoming.headers["user-agent"],
    payloadHash: headerOf(incoming.headers, "x-amz-content-sha256"),
  };
}
