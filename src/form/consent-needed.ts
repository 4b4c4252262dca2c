import { destinationId } from "../../helper/state/files/destination-id.ts";
import type { Destination } from "../../helper/state/files/destination.ts";
import type { Settings } from "../../helper/state/files/settings.ts";

/** Whether the person has not agreed to this destination yet. A place that can't be told apart is one to ask about. */
export function isConsentNeeded(settings: Settings, destination: Destination): boolean {
  const id = idOf(destination);
  if (!id) return true;
  const { consent, earlierConsents = [] } = settings;
  if (consent?.destinationId === id) return consent.destination.region !== destination.region;
  return !earlierConsents.some((earlier) => earlier.destinationId === id);
}

/** Whether the settings already send photos exactly there. */
export function isCurrentDestination(settings: Settings, destination: Destination): boolean {
  const { destination: current, consent } = settings;
  const id = idOf(destination);
  if (!current || !id || consent?.destinationId !== id) return false;
  const isSameClass = (current.storageClass ?? "STANDARD") === (destination.storageClass ?? "STANDARD");
  return idOf(current) === id && current.region === destination.region && isSameClass;
}

function idOf(destination: Destination): string | undefined {
  try {
    return destinationId(destination);
  } catch {
    // The endpoint is no URL; the helper says so in words.
    return undefined;
  }
}
