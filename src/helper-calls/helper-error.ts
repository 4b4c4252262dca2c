import type { Problem } from "../words/problem.ts";

/** What the helper's command line answered instead of a result, in its own words. */
export class HelperError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.what} ${problem.mend}`);
    this.name = "HelperError";
    this.problem = problem;
  }
}
