import type { Destination } from "../state/files/destination.ts";
import { destinationId } from "../state/files/destination-id.ts";
import type { Settings } from "../state/files/settings.ts";

/** Invariant 2: nothing is uploaded to a destination that the person has not agreed to. */
export function hasConsent(settings: Settings, destination: Destination): boolean {
  const id = destinationId(destination);
  if (settings.consent?.destinationId === id) return true;
  return (settings.earlierConsents ?? []).some((consent) => consent.destinationId === id);
}
