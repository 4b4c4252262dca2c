import type { ProviderProfile } from "./provider-profile.ts";
import { providerProfiles } from "./provider-profiles.ts";

interface Guess {
  profile?: ProviderProfile;
  by: "endpoint" | "server header" | "nothing";
}

/** Which provider answers there. @param endpoint absent for AWS itself @param server the answers' `Server` header */
export function guessProvider(endpoint: string | undefined, server: string | undefined): Guess {
  if (!endpoint) return { profile: providerProfiles.aws, by: "endpoint" };
  const { hostname } = new URL(endpoint);
  const all = Object.values(providerProfiles);
  const byHost = all.find(({ hosts }) => hosts.some((host) => host.test(hostname)));
  if (byHost) return { profile: byHost, by: "endpoint" };
  const byServer = server ? all.find((profile) => profile.server?.test(server)) : undefined;
  return byServer ? { profile: byServer, by: "server header" } : { by: "nothing" };
}
