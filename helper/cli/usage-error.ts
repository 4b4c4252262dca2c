/** The command was given something it cannot work with; nothing was changed. */
export class UsageError extends Error {
  /** What to do instead, one sentence. */
  readonly mend: string;

  constructor(what: string, mend: string) {
    super(what);
    this.name = "UsageError";
    this.mend = mend;
  }
}
