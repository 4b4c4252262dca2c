import type { Destination } from "../state/files/destination.ts";
import { appendAudit } from "../state/files/audit.ts";
import { destinationId } from "../state/files/destination-id.ts";
import { updateSettings } from "../state/files/settings-store.ts";
import type { Settings } from "../state/files/settings.ts";
import type { CliContext } from "./cli-context.ts";

/**
 * Records that the person agreed to this destination. It becomes the settings' destination too, unless a background
 * backup of chosen folders already goes to another one; with `makeDefault` even then. One that is `isUntried` may have
 * a slip in its name and takes no other's place before a backup to it went through.
 */
export async function grantConsent(
  context: Pick<CliContext, "paths" | "now">,
  destination: Destination,
  allowInsecureHttp: boolean,
  options: { makeDefault?: boolean; isUntried?: boolean } = {},
): Promise<Settings> {
  const grantedAt = new Date(context.now()).toISOString();
  const settings = await updateSettings(context.paths, (old) => ({
    ...withConsent(old, destination, grantedAt, options),
    ...(allowInsecureHttp ? { allowInsecureHttp } : {}),
  }));
  await appendAudit(context.paths, { action: "consent", destination });
  return settings;
}

function withConsent(
  old: Settings,
  destination: Destination,
  grantedAt: string,
  { makeDefault = false, isUntried = false }: { makeDefault?: boolean; isUntried?: boolean },
): Settings {
  const id = destinationId(destination);
  const consent = { grantedAt, destinationId: id, destination };
  const others = (old.earlierConsents ?? []).filter((earlier) => earlier.destinationId !== id);
  const isKept = old.destination !== undefined && (isUntried || old.folders.length > 0);
  const isSame = old.destination !== undefined && destinationId(old.destination) === id;
  if (isKept && !isSame && !makeDefault) return { ...old, earlierConsents: [...others, consent] };
  const replaced = old.consent && old.consent.destinationId !== id ? [old.consent] : [];
  return { ...old, destination, consent, earlierConsents: [...others, ...replaced] };
}

/** A backup to it went through: it is the default from now on, as far as `grantConsent` lets it be. */
export async function adoptDestination(
  context: Pick<CliContext, "paths" | "now">,
  destination: Destination,
): Promise<void> {
  const grantedAt = new Date(context.now()).toISOString();
  await updateSettings(context.paths, (old) => {
    const isSame = old.destination !== undefined && destinationId(old.destination) === destinationId(destination);
    return isSame ? old : withConsent(old, destination, grantedAt, {});
  });
}
