import type { Scene } from "./scene.ts";

/** The figures of the whole matrix. */
export class Tally {
  cases = 0;
  fired = 0;
  photos = 0;
  lost = 0;
  overwritten = 0;
  sentTwice = 0;
  bodiesSentAgain = 0;

  add({ bench, photos }: Scene, fired: number, broken: string[]): void {
    this.cases += 1;
    this.fired += fired;
    this.photos += photos.size;
    this.lost += count(broken, "lost");
    this.overwritten += count(broken, "invariant 3");
    this.sentTwice += count(broken, "sent twice");
    const whole = bench.s3.requests.filter(
      ({ operation, status }) => operation === "PutObject" && status !== undefined,
    );
    this.bodiesSentAgain += Math.max(0, whole.length - photos.size + 1);
  }

  table(): string {
    const rows: [string, number][] = [
      ["cases", this.cases],
      ["faults fired", this.fired],
      ["photos at stake", this.photos],
      ["photos lost", this.lost],
      ["objects overwritten", this.overwritten],
      ["photos stored twice", this.sentTwice],
      ["uploads beyond the first", this.bodiesSentAgain],
    ];
    return rows.map(([name, figure]) => `${name.padEnd(26)}${String(figure).padStart(8)}\n`).join("");
  }
}

function count(broken: string[], beginning: string): number {
  return broken.filter((words) => words.startsWith(beginning)).length;
}
