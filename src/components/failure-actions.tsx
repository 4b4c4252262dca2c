import { Action, ActionPanel } from "@raycast/api";
import { askHelper } from "../actions/ask-helper.ts";
import { icons } from "../palette.ts";
import { reasonOf } from "../words/problem.ts";
import { MendingAction } from "./mending-action.tsx";

interface FailureActionsProps {
  code: string;
  /** The photo, or the folder. */
  path?: string | undefined;
  isFolder?: boolean;
  /** The entry as it is in failures.json. */
  details: string;
}

/** The step that mends this failure first, then what can be done about any. */
export function FailureActions({ code, path, isFolder = false, details }: FailureActionsProps) {
  const mending = reasonOf(code)?.action ?? "report";
  const photo = isFolder ? undefined : path;
  // Finder cannot show what is not there.
  const isGone = mending === "put-back";
  return (
    <ActionPanel>
      <MendingAction action={mending} path={path} />
      {photo && (
        <Action
          title="Retry"
          icon={icons.retry}
          onAction={() => askHelper({ kind: "retry", paths: [photo] }, "Trying It Again")}
        />
      )}
      <Action
        title="Retry All"
        icon={icons.retry}
        onAction={() => askHelper({ kind: "retry-all" }, "Trying All of Them Again")}
      />
      {path && isGone && <Action.CopyToClipboard title="Copy Path" icon={icons.copy} content={path} />}
      {path && !isGone && mending !== "show-in-finder" && mending !== "download-from-icloud" && (
        <Action.ShowInFinder path={path} icon={icons.finder} />
      )}
      <Action.CopyToClipboard title="Copy Details" icon={icons.copy} content={details} />
    </ActionPanel>
  );
}
