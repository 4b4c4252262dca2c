import { InvalidArgumentError } from "commander";

/** An outage during a command may last this long, if not told otherwise; the daemon waits forever. */
export const patienceSeconds = 5 * 60;

/** An option's value in seconds. @throws InvalidArgumentError */
export function wholeSeconds(given: string): number {
  if (/^\d{1,7}$/.test(given)) return Number(given);
  throw new InvalidArgumentError("It takes a whole number of seconds.");
}
