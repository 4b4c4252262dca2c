import type { S3Client } from "@aws-sdk/client-s3";
import { isServices } from "./is-web-page.ts";

/**
 * The SDK signs by the clock of whoever answered last. A hotel's page would then have every request to the service refused
 * for its time, and the person told of a wrong clock. So only answers that bear a mark of a service tell the time.
 */
export function keepOwnClock({ middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args);
        forgetStrangersDate(result.response);
        return result;
      } catch (error) {
        forgetStrangersDate((error as { $response?: unknown }).$response);
        throw error;
      }
    },
    { step: "deserialize", name: "keepOwnClock", priority: "low" },
  );
}

function forgetStrangersDate(response: unknown): void {
  const { headers } = (response ?? {}) as { headers?: Record<string, string> };
  if (headers && !isServices(headers)) delete headers.date;
}
