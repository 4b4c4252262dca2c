import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { S3Error } from "./s3-error.ts";

/** A request as S3 reads it: path-style, decoded. */
export interface S3Request {
  method: string;
  /** The path as it was sent, still percent-encoded, without the query. */
  rawPath: string;
  bucket: string | undefined;
  key: string | undefined;
  query: Map<string, string>;
  headers: IncomingHttpHeaders;
  incoming: IncomingMessage;
}

/** @throws S3Error InvalidURI when the path or query isn't valid percent-encoded UTF-8. */
export function parseS3Request(incoming: IncomingMessage): S3Request {
  const url = incoming.url ?? "/";
  const queryStart = url.indexOf("?");
  const rawPath = queryStart < 0 ? url : url.slice(0, queryStart);
  const slash = rawPath.indexOf("/", 1);
  const rawBucket = slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash);
  const rawKey = slash < 0 ? "" : rawPath.slice(slash + 1);
  return {
    method: incoming.method ?? "GET",
    rawPath,
    bucket: rawBucket === "" ? undefined : decode(rawBucket),
    key: rawKey === "" ? undefined : decode(rawKey),
    query: parseQuery(queryStart < 0 ? "" : url.slice(queryStart + 1)),
    headers: incoming.headers,
    incoming,
  };
}

function parseQuery(raw: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of raw.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    query.set(decode(name.replaceAll("+", " ")), decode(value.replaceAll("+", " ")));
  }
  return query;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}

/** The first value of a header, undefined when it wasn't sent. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
