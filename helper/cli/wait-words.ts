import type { RunProgress } from "../backup/run-progress.ts";
import { counted } from "./counted.ts";

/** What a run does while nobody can tell how much is left of it; undefined while photos go up. */
export function waitWords(progress: RunProgress, requests: number): string | undefined {
  const { phase, step, outage, scanned } = progress;
  if (phase === "scanning") return `Looking through the folders: ${counted(scanned, "photo")}`;
  if (phase === "done") return "Writing down what was done";
  if (step !== "asking" && step !== "cataloguing") return undefined;
  if (outage) return `Waiting: ${outage.error.reason.title}`;
  const what =
    step === "asking" ? "Finding out what the bucket has" : "Bringing the catalogue in the bucket up to date";
  return requests > 0 ? `${what}: ${counted(requests, "request")}` : what;
}
