import type { EngineBench } from "./engine-bench.ts";

type Run = EngineBench["run"];

/** Stops a run as the helper's end does, while its nth part is on the wire. @returns runs again, from the state on disk */
export async function stopAmidParts(
  bench: Pick<EngineBench, "s3" | "run" | "stopping" | "aborting">,
  nth: number,
  overrides: Parameters<Run>[0] = {},
): Promise<() => ReturnType<Run>> {
  bench.s3.faults.add({ kind: "stall", match: { operation: "UploadPart", nth } });
  const run = bench.run(overrides).catch((error: unknown) => error);
  await bench.s3.log.waitFor((request) => request.faults.includes("stall"));
  bench.stopping.abort(new Error("SIGTERM"));
  bench.aborting.abort(new Error("SIGTERM"));
  await run;
  bench.s3.faults.clear();
  const fresh = () => new AbortController().signal;
  return () => bench.run({ ...overrides, stopping: fresh(), aborting: fresh() });
}
