import type { RunProgress, RunStep } from "./run-progress.ts";

interface Step<Result> {
  work: () => Promise<Result>;
  onProgress: ((progress: RunProgress) => void) | undefined;
}

/** Shows that a run goes on, where photos stand still meanwhile. */
export async function duringStep<Result>(
  progress: RunProgress,
  step: RunStep,
  { work, onProgress }: Step<Result>,
): Promise<Result> {
  progress.step = step;
  onProgress?.(progress);
  try {
    return await work();
  } finally {
    delete progress.step;
  }
}
