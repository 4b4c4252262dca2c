import { access } from "node:fs/promises";
import { isTurnedOff } from "../../helper/control/is-turned-off.ts";
import type { Capabilities } from "../../helper/state/files/capabilities.ts";
import { readCapabilities } from "../../helper/state/files/capabilities-store.ts";
import { countLeftUploads } from "../../helper/state/files/count-left-uploads.ts";
import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import type { Settings } from "../../helper/state/files/settings.ts";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { readStatus } from "../../helper/state/files/status-store.ts";
import { readVerification } from "../../helper/state/files/verification-store.ts";
import type { Verification } from "../../helper/state/files/verification.ts";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import { readLostEverywhere } from "./lost-everywhere.ts";
import { problemOf, type Problem } from "../words/problem.ts";

/** What the small files say now. */
export interface Overview {
  /** Absent when they could not be read; see `problems`. */
  settings?: Settings;
  /** What the helper last said; absent when it never said anything or it could not be read. */
  status?: Status;
  /** What was proved of the status's destination, and what its bucket was seen to do; absent where nothing is known. */
  verification?: Verification;
  capabilities?: Capabilities;
  /** Photos that are neither in the bucket nor on this Mac any more, as far as the list of failures tells. */
  lostEverywhere: number;
  /** Uploads in parts that the access key may not abort, at the status's destination. */
  uploadsLeftOpen: number;
  /** Whether the helper that said it still works: its process and its heartbeat, never a guess. */
  isAlive: boolean;
  /** Nothing starts the helper at login, because the person wanted it so or never turned it on. */
  isOff: boolean;
  problems: Problem[];
}

/** Reads settings.json and status.json. Never rejects: what could not be read is told in `problems`. */
export async function readOverview(paths: StatePaths): Promise<Overview> {
  const problems: Problem[] = [];
  const note = (error: unknown) => void problems.push(problemOf(error));
  const settings = (await readSettings(paths).catch(note)) ?? undefined;
  const status = (await readStatusOrSayWhy(paths).catch(note)) ?? undefined;
  const at = status?.destination;
  const verification = at && ((await readVerification(paths, at).catch(note)) ?? undefined);
  const capabilities = at && ((await readCapabilities(paths, at).catch(note)) ?? undefined);
  return {
    ...(settings && { settings }),
    ...(status && { status }),
    ...(verification && { verification }),
    ...(capabilities && { capabilities }),
    lostEverywhere: await readLostEverywhere(paths),
    uploadsLeftOpen: at ? await countLeftUploads(paths, at) : 0,
    isAlive: status !== undefined && isHelperAlive(status),
    isOff: await isTurnedOff(paths),
    problems,
  };
}

/** Undefined only where there is no status. Throws for one that is there and cannot be read. */
export async function readStatusOrSayWhy(paths: StatePaths): Promise<Status | undefined> {
  const status = await readStatus(paths);
  if (!status && (await exists(paths.status))) {
    throw new Error("The helper's status file cannot be read; a running helper soon writes a new one.");
  }
  return status;
}

/** Whether there is such a file at all. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
