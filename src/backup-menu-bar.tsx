import { MenuBarExtra } from "@raycast/api";
import { useCachedPromise } from "@raycast/utils";
import { MenuBarItems } from "./components/menu-bar-items.tsx";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";
import { menuBarIcons } from "./palette.ts";
import { readMenuBarState } from "./state/menu-bar-state.ts";
import { headline } from "./words/headline.ts";
import { problemOf } from "./words/problem.ts";

/** Renders once from a few small files and ends; what was last known stays when it can't be read. */
export default function BackupMenuBar() {
  const isHandedOver = useCredentialHandover();
  const { data, error, isLoading } = useCachedPromise(readMenuBarState, [], {
    keepPreviousData: true,
    onError: () => undefined,
  });
  const nowMs = Date.now();
  // Liveness was true when it was read; a kept answer says nothing about now.
  const sources = {
    isAlive: (data?.isAlive ?? false) && !error,
    isOff: data?.isOff ?? false,
    lostEverywhere: data?.lostEverywhere ?? 0,
    ...(data?.status && { status: data.status }),
    ...(data?.verification && { verification: data.verification }),
  };
  const shown = headline(sources, nowMs);
  return (
    <MenuBarExtra
      icon={menuBarIcons[data || error ? shown.tone : "off"]}
      tooltip={`Photolala Backup: ${shown.title}`}
      isLoading={isLoading || !isHandedOver}
    >
      {(data || error) && (
        <MenuBarItems sources={sources} problem={error && problemOf(error)} shown={shown} nowMs={nowMs} />
      )}
    </MenuBarExtra>
  );
}
