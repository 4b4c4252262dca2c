import type { S3Client } from "@aws-sdk/client-s3";

/** What the newest answer's headers told, whatever it was. */
export interface SeenHeaders {
  server?: string;
  /** The service's clock minus ours. */
  clockSkewMs?: number;
}

/** What it calls itself is kept and shown: words, and no more than a few. */
const serverCharactersMost = 100;

/** Notes the headers of every answer, also of those that are errors. */
export function watchHeaders(client: S3Client, seen: SeenHeaders, now: () => number): void {
  const note = (headers: Record<string, string> | undefined) => {
    const server = headers?.server?.replace(/[^ -~]/g, "").slice(0, serverCharactersMost);
    if (server) seen.server = server;
    const date = Date.parse(headers?.date ?? "");
    if (!Number.isNaN(date)) seen.clockSkewMs = date - now();
  };
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args);
        note((result.response as { headers?: Record<string, string> }).headers);
        return result;
      } catch (error) {
        note((error as { $response?: { headers?: Record<string, string> } }).$response?.headers);
        throw error;
      }
    },
    { step: "deserialize", name: "watchHeaders", priority: "high" },
  );
}
