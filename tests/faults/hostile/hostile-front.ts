import { createServer, request as requestHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { classifyOperation, type OperationName } from "../../support/loopback-s3/classify-operation.ts";
import { parseS3Request } from "../../support/loopback-s3/s3-request.ts";
import type { Certificate } from "./make-certificate.ts";

export interface Met {
  operation: OperationName;
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  /** Which one of its operation it is, from 1 on. */
  nth: number;
}

/** Answers by itself, or leaves the request to the store. */
export type Attack = (met: Met) => "pass" | void;

interface FrontOptions {
  /** The store behind it. */
  endpoint: string;
  attack: Attack;
  certificate?: Certificate;
}

/** Somebody between us and a store that works, on 127.0.0.1. @returns its endpoint, and what it saw */
export async function startFront({ endpoint, attack, certificate }: FrontOptions) {
  const counts = new Map<OperationName, number>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    for (const stream of [request, response]) stream.on("error", () => undefined);
    const operation = classifyOperation(parseS3Request(request));
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    const met: Met = { operation, request, response, socket: request.socket, nth };
    if (attack(met) === "pass") pass(met, endpoint);
  };
  const server = certificate ? createSecureServer(certificate, onRequest) : createServer(onRequest);
  server.on("clientError", (_, socket) => socket.destroy());
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `${certificate ? "https" : "http"}://127.0.0.1:${port}`, counts, server };
}

function pass({ request, response }: Met, endpoint: string): void {
  const { hostname, port } = new URL(endpoint);
  const { method, url: path, headers } = request;
  const forwarded = requestHttp({ hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  request.pipe(forwarded);
}

/** Takes the whole request before it answers, as a polite server does. */
export function answering(status: number, headers: Record<string, string | string[]>, body: string | Buffer): Attack {
  return ({ request, response }) => {
    request.resume();
    request.on("end", () => response.writeHead(status, headers).end(body));
  };
}

/** Writes these bytes in place of an answer of HTTP. */
export function saying(text: string | Buffer, then?: (socket: Socket) => void): Attack {
  return ({ request, socket }) => {
    request.resume();
    request.on("end", () => socket.write(text, () => then?.(socket)));
  };
}

/** The attack on one kind of request; all others come through. */
export function on(
  operation: OperationName | RegExp,
  attack: Attack,
  when: (met: Met) => boolean = () => true,
): Attack {
  const isMeant = (name: string) => (typeof operation === "string" ? name === operation : operation.test(name));
  return (met) => (isMeant(met.operation) && when(met) ? attack(met) : "pass");
}

/** A server that knows no HTTP. @returns its port */
export async function startTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return port;
}

interface Listening {
  listen(port: number, host: string, onListening: () => void): unknown;
  address(): unknown;
}

async function listen(server: Listening): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
