import type { RunProgress } from "../backup/run-progress.ts";
import type { CliContext } from "./cli-context.ts";
import { counted } from "./counted.ts";

/** Where no bar shows it, one line says why nothing happens for minutes. */
export function outageTeller(
  context: Pick<CliContext, "stderr">,
  patience: number,
): (outage: RunProgress["outage"]) => void {
  let told: string | undefined;
  return (outage) => {
    if (outage?.error.code === told) return;
    told = outage?.error.code;
    if (!outage) return void context.stderr.write("It answers again.\n");
    const { title, what } = outage.error.reason;
    // Without patience the command ends at once, with the same words.
    if (patience > 0) context.stderr.write(`${title}: ${what} Trying for up to ${counted(patience, "second")} more.\n`);
  };
}
