import { Form } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { initialValues, type Preselected } from "../form/initial-values.ts";
import { problemOf } from "../words/problem.ts";
import { BackUpFolderFields } from "./back-up-folder-fields.tsx";
import { FormNotReady } from "./form-not-ready.tsx";

/** The form that chooses folders and bucket; `preselected` is a bucket from List Buckets. */
export function BackUpFolderForm({ preselected }: { preselected?: Preselected }) {
  const { data, error, revalidate } = usePromise(initialValues, [preselected], { onError: () => undefined });
  if (error) return <FormNotReady problem={problemOf(error)} onRetry={revalidate} />;
  if (!data) return <Form isLoading />;
  return <BackUpFolderFields start={data} />;
}
