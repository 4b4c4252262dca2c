import type { Situation, StoreBehavior } from "./loopback-options.ts";
import { S3Error } from "./s3-error.ts";

/**
 * Refuses a request in the words of the store that is played, or lets it pass where that store does.
 * @param error what AWS says
 * @throws S3Error
 */
export function refuse({ answers }: Pick<StoreBehavior, "answers">, situation: Situation, error: S3Error): void {
  const answer = answers[situation];
  if (answer === undefined) throw error;
  const [status = "", code = error.code] = answer.split(" ");
  if (Number(status) < 300) return;
  throw new S3Error(Number(status), code, error.message, error.details);
}
