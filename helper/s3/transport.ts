import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { takeOptions, type CarryOptions } from "./carry-options.ts";
import { exchange } from "./exchange.ts";
import { timeLimits, type TimeLimits } from "./time-limits.ts";

/** A signed request, as the SDK hands it over. */
interface WireRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

interface WireAnswer {
  statusCode: number;
  reason?: string;
  headers: Record<string, string>;
  body: unknown;
}

interface TransportOptions {
  /** Connections kept open: 1 for bodies, so that no two are ever on the wire at once. */
  maxSockets: number;
  limits?: Partial<TimeLimits>;
}

const checksumHeader = "x-amz-checksum-sha256";

/** Carries the SDK's requests over kept connections, with time limits that the SDK's own carrier does not have. */
export class Transport {
  readonly metadata = { handlerProtocol: "http/1.1" };
  readonly #limits: TimeLimits;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor({ maxSockets, limits = {} }: TransportOptions) {
    const agentOptions = { keepAlive: true, maxSockets, scheduling: "lifo" } as const;
    this.#limits = { ...timeLimits, ...limits };
    this.#http = new HttpAgent(agentOptions);
    this.#https = new HttpsAgent({ ...agentOptions, minVersion: "TLSv1.2" });
  }

  async handle(request: WireRequest, options: object = {}): Promise<{ response: WireAnswer }> {
    const { abortSignal, turn, onSent, onConfirmed } = takeOptions(request.body) ?? (options as CarryOptions);
    if (turn) await turn;
    const isSecure = request.protocol === "https:";
    const target = {
      // An address of IPv6 stands in brackets in a URL, and without them here.
      host: request.hostname.replace(/^\[(.*)\]$/, "$1"),
      ...(request.port ? { port: request.port } : {}),
      method: request.method,
      path: pathOf(request),
      headers: request.headers,
    };
    const outgoing = isSecure
      ? requestHttps({ ...target, agent: this.#https })
      : requestHttp({ ...target, agent: this.#http });
    const { responseMs, completionMs, totalMs } = this.#limits;
    const { message, body } = await exchange(outgoing, {
      body: request.body as Uint8Array | string | Readable | undefined,
      bodyBytes: bodyBytesOf(request),
      isDownload: isDownload(request),
      openedBy: isSecure ? "secureConnect" : "connect",
      ...(isCompletion(request)
        ? { responseMs: completionMs, totalMs: totalMs + completionMs }
        : { responseMs, totalMs }),
      limits: this.#limits,
      signal: abortSignal,
      onSent,
    });
    const { statusCode = -1, statusMessage, headers } = message;
    if (onConfirmed && isConfirmed(request, message)) onConfirmed();
    const reason = statusMessage === undefined ? {} : { reason: statusMessage };
    return { response: { statusCode, ...reason, headers: flat(headers), body } };
  }

  /** Part of what the SDK asks of a carrier; nothing of ours is changed by it. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function pathOf({ path, query = {} }: WireRequest): string {
  const pairs: string[] = [];
  for (const name of Object.keys(query).sort()) {
    for (const value of [query[name] ?? null].flat()) {
      pairs.push(value === null ? escape(name) : `${escape(name)}=${escape(value)}`);
    }
  }
  return pairs.length > 0 ? `${path}?${pairs.join("&")}` : path;
}

/** As the signature has it: everything but the unreserved characters. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function bodyBytesOf({ headers, body }: WireRequest): number | undefined {
  const given = headers["content-length"] ?? headers["Content-Length"];
  if (given !== undefined) return Number(given);
  return body instanceof Uint8Array ? body.length : undefined;
}

function isDownload({ method, query }: WireRequest): boolean {
  return method === "GET" && query?.["x-id"] === "GetObject";
}

/** The answer that leaves nothing to decide: the service computed the checksum that we sent. */
function isConfirmed(request: WireRequest, { statusCode, headers }: IncomingMessage): boolean {
  const sent = request.headers[checksumHeader];
  return statusCode === 200 && sent !== undefined && headers[checksumHeader] === sent;
}

/** Completing a multipart upload is the one POST that names the upload. */
function isCompletion({ method, query }: WireRequest): boolean {
  return method === "POST" && query?.uploadId !== undefined;
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return result;
}
