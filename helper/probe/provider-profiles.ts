import type { ProviderId, ProviderProfile } from "./provider-profile.ts";
import { serviceProfiles } from "./service-profiles.ts";
import { softwareProfiles } from "./software-profiles.ts";

/** The declared table of differences. What nobody documents is "unknown", and the probe finds out. */
export const providerProfiles: Record<ProviderId, ProviderProfile> = { ...serviceProfiles, ...softwareProfiles };
