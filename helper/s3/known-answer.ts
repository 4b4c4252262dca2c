import { isWebPage } from "./is-web-page.ts";

/** The HTTP status of an SDK error; undefined when no answer came. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Answers that the caller decides on by status, so they must reach it untranslated. A web page's status decides nothing. */
export function isKnownAnswer(error: unknown): boolean {
  const status = statusOf(error);
  if (status === undefined || ![301, 400, 403, 404, 409, 412, 501].includes(status)) return false;
  const { Code, $response } = error as { Code?: string; $response?: Parameters<typeof isWebPage>[0] };
  return Code !== undefined || $response === undefined || !isWebPage($response);
}
