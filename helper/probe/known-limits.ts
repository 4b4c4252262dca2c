import type { StoreLimits } from "../backup/multipart/plan-parts.ts";
import { capabilitiesKeptMs, type Capabilities } from "../state/files/capabilities.ts";
import { guessProvider } from "./guess-provider.ts";
import type { ProbeReport } from "./probe-report.ts";
import type { ProviderProfile } from "./provider-profile.ts";
import { providerProfiles } from "./provider-profiles.ts";

type Report = Partial<Pick<ProbeReport, "provider" | "multipart">>;

/** Whose service it is: by its endpoint, else as the last `probe` knew it by its answers. */
export function knownProvider(
  endpoint: string | undefined,
  found: Pick<Capabilities, "report"> | undefined,
): ProviderProfile | undefined {
  const guess = guessProvider(endpoint, undefined).profile;
  if (guess) return guess;
  const id = (found?.report as Report | undefined)?.provider?.id;
  return id !== undefined && Object.hasOwn(providerProfiles, id) ? providerProfiles[id] : undefined;
}

/** What the table and the last `probe` mean for large files. What nobody knows is taken the careful way. */
export function knownLimits(
  profile: ProviderProfile | undefined,
  found: Pick<Capabilities, "report"> | undefined,
  now: number,
): StoreLimits {
  const completesConditionally = profile?.conditionalCompletion.value === "honored";
  if (!takesParts(found, now)) return { completesConditionally, partsMost: 0 };
  return { completesConditionally, ...(profile ? { partsMost: profile.maxParts.value } : {}) };
}

/** Only a plain "not implemented" counts: a missing permission or an outage says nothing of the service. */
function takesParts(found: Pick<Capabilities, "report"> | undefined, now: number): boolean {
  const { report } = found ?? {};
  if (!report || now - Date.parse(report.probedAt) > capabilitiesKeptMs) return true;
  const create = (report as Report).multipart?.create;
  return typeof create !== "object" || !/NotImplemented|MethodNotAllowed|HTTP (501|405)/.test(create.failed);
}
