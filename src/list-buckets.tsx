import { List } from "@raycast/api";
import { useCachedPromise } from "@raycast/utils";
import { BucketRow } from "./components/bucket-row.tsx";
import { CouldNotRead } from "./components/could-not-read.tsx";
import { listBuckets } from "./helper-calls/list-buckets.ts";
import { handOverCredentials } from "./helper-calls/hand-over-credentials.ts";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";
import { icons } from "./palette.ts";
import { backupPreferences } from "./state/preferences.ts";
import { serviceName } from "./words/place-words.ts";
import { problemOf } from "./words/problem.ts";

export default function ListBuckets() {
  // The list is asked for with the key that the helper has, so a new one goes to it first.
  const isHandedOver = useCredentialHandover();
  const { accessKeyId, region, endpoint = "" } = backupPreferences();
  const { data, error, isLoading, revalidate } = useCachedPromise(listBuckets, [{ region, endpoint, accessKeyId }], {
    execute: isHandedOver,
    onError: () => undefined,
  });
  const problem = error && problemOf(error);
  const retry = async () => {
    // The Keychain may have lost the key since it was handed over.
    if (problem?.code.startsWith("credentials-")) await handOverCredentials({ again: true }).catch(() => undefined);
    await revalidate();
  };
  return (
    <List isLoading={isLoading || !isHandedOver} searchBarPlaceholder="Search buckets">
      {problem ? (
        <CouldNotRead problem={problem} onRetry={retry} />
      ) : (
        data?.map((bucket) => (
          <BucketRow key={bucket.name} bucket={bucket} endpoint={endpoint} onRefresh={() => void revalidate()} />
        ))
      )}
      {!problem && data?.length === 0 && (
        <List.EmptyView
          icon={icons.bucket}
          title="No Buckets"
          description={`This access key sees no bucket at ${serviceName(endpoint)}. Create one there first.`}
        />
      )}
    </List>
  );
}
