import { Action, open, openExtensionPreferences } from "@raycast/api";
import type { ReactElement } from "react";
import type { ReasonAction } from "../../helper/state/errors/reason.ts";
import { askHelper } from "../actions/ask-helper.ts";
import { openCommand } from "../actions/open-command.ts";
import { icons } from "../palette.ts";
import { actionTitles } from "../words/action-titles.ts";

const privacyPane = "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Privacy_FilesAndFolders";

/** The step of the reason table as one action; none where the words alone say what to do. */
export function MendingAction({
  action,
  path,
}: {
  action: ReasonAction;
  path?: string | undefined;
}): ReactElement | null {
  switch (action) {
    case "open-preferences":
      return <Action title="Open Preferences" icon={icons.preferences} onAction={openExtensionPreferences} />;
    case "choose-bucket":
      return <Action title="Choose Bucket" icon={icons.bucket} onAction={() => openCommand("list-buckets")} />;
    case "give-consent":
      return (
        <Action
          title={actionTitles.agreeInBackUpFolder}
          icon={icons.agree}
          onAction={() => openCommand("back-up-folder")}
        />
      );
    case "choose-folder":
      return <Action title="Choose Folder" icon={icons.folder} onAction={() => openCommand("back-up-folder")} />;
    case "open-privacy-settings":
      return <Action title="Open Privacy Settings" icon={icons.key} onAction={() => open(privacyPane)} />;
    case "show-in-finder":
    case "download-from-icloud":
      return path ? <Action.ShowInFinder path={path} icon={icons.finder} /> : null;
    case "back-up-anyway":
      return path ? <BackUpAnyway path={path} /> : null;
    // The words say it all: to put a copy back, to wait, to plug in a disk, to make room, to update or report; or Retry
    // stands below.
    case "put-back":
    case "wait":
    case "retry":
    case "connect-volume":
    case "free-space":
    case "store-quota":
    case "update":
    case "report":
      return null;
  }
}

function BackUpAnyway({ path }: { path: string }) {
  return (
    <Action
      title={actionTitles.backUpAnyway}
      icon={icons.anyway}
      onAction={() => askHelper({ kind: "back-up-anyway", paths: [path] }, "Backing It Up Anyway")}
    />
  );
}
