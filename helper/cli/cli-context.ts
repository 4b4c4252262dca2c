import type { Readable, Writable } from "node:stream";
import type { ObjectStore } from "../backup/object-store.ts";
import type { ProbeReport } from "../probe/probe-report.ts";
import type { KnownOfStore } from "../session/open-probed-store.ts";
import type { BucketSummary } from "../s3/list-buckets.ts";
import type { Destination } from "../state/files/destination.ts";
import type { StatePaths } from "../state/state-paths.ts";

export interface OpenStoreOptions extends Partial<KnownOfStore> {
  allowInsecureHttp: boolean;
  /** Told when the bucket shows something else than was known. */
  onLearned?: (found: KnownOfStore) => void;
}

interface ProbeOptions {
  allowInsecureHttp: boolean;
  now: () => number;
  signal?: AbortSignal;
}

/** The outside world, opened only by the commands that need it. */
export interface HelperParts {
  openStore(destination: Destination, options: OpenStoreOptions): Promise<ObjectStore>;
  listBuckets(place: { region: string; endpoint?: string; allowInsecureHttp: boolean }): Promise<BucketSummary[]>;
  probeBucket(destination: Destination, options: ProbeOptions): Promise<ProbeReport>;
  runDaemon(context: CliContext): Promise<number>;
}

/** What a command may touch; `main` gives the real ones. */
export interface CliContext {
  paths: StatePaths;
  env: Record<string, string | undefined>;
  cwd: string;
  version: string;
  /** The one file this program is, for the agent's installation. */
  bundlePath: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  /** Aborts when the process is asked to end; its reason is an `Interrupted`. */
  interrupted: AbortSignal;
  now: () => number;
  parts: HelperParts;
}
