import { Action, ActionPanel, List, useNavigation } from "@raycast/api";
import type { Bucket } from "../helper-calls/list-buckets.ts";
import { rememberChosenBucket } from "../form/chosen-bucket.ts";
import { icons } from "../palette.ts";
import { BackUpFolderForm } from "./back-up-folder-form.tsx";
import { StatusView } from "./status-view.tsx";

interface BucketRowProps {
  bucket: Bucket;
  /** "" for AWS itself. */
  endpoint: string;
  onRefresh: () => void;
}

/** One bucket, with the way to back up to it. */
export function BucketRow({ bucket, endpoint, onRefresh }: BucketRowProps) {
  const { push } = useNavigation();
  const { name, region, createdAt } = bucket;
  const useForBackups = async () => {
    await rememberChosenBucket({ bucket: name, endpoint, ...(region && { region }) });
    push(<BackUpFolderForm preselected={{ bucket: name, region }} after={<StatusView />} />);
  };
  return (
    <List.Item
      icon={icons.bucket}
      title={name}
      subtitle={region}
      accessories={createdAt ? [{ text: createdWords(createdAt), tooltip: createdAt }] : []}
      actions={
        <ActionPanel>
          <Action title="Use for Backups" icon={icons.backUp} onAction={useForBackups} />
          <Action.CopyToClipboard title="Copy Name" icon={icons.copy} content={name} />
          <Action.OpenInBrowser title="Open in Browser" icon={icons.browser} url={bucketUrl(name, region, endpoint)} />
          <Action title="Refresh" icon={icons.retry} onAction={onRefresh} />
        </ActionPanel>
      }
    />
  );
}

function createdWords(createdAt: string): string {
  const date = new Date(createdAt).toLocaleDateString("en-US", { year: "numeric", month: "short", day: "numeric" });
  return `created ${date}`;
}

/** AWS has a console for it; elsewhere the bucket's own address is all that is known. */
function bucketUrl(name: string, region: string | undefined, endpoint: string): string {
  if (!endpoint) {
    const where = region ? `?region=${encodeURIComponent(region)}` : "";
    return `https://console.aws.amazon.com/s3/buckets/${encodeURIComponent(name)}${where}`;
  }
  return `${endpoint.replace(/\/+$/, "")}/${encodeURIComponent(name)}`;
}
