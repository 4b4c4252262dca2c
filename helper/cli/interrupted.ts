/** The process was asked to end; 128 plus the signal's number is its exit code by convention. */
export class Interrupted extends Error {
  readonly exitCode: 130 | 143;

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(signal === "SIGINT" ? "Interrupted. Everything uploaded so far is recorded." : "Ended on request.");
    this.name = "Interrupted";
    this.exitCode = signal === "SIGINT" ? 130 : 143;
  }
}
