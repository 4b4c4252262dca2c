import { Form } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import type { ReactElement } from "react";
import { initialValues, type Preselected } from "../form/initial-values.ts";
import { problemOf } from "../words/problem.ts";
import { BackUpFolderFields } from "./back-up-folder-fields.tsx";
import { FormNotReady } from "./form-not-ready.tsx";

interface BackUpFolderFormProps {
  /** A bucket from List Buckets. */
  preselected?: Preselected;
  /** Shown once the wish is recorded; without it the screen before comes back. */
  after?: ReactElement;
}

/** The form that chooses folders and bucket. */
export function BackUpFolderForm({ preselected, after }: BackUpFolderFormProps) {
  const { data, error, revalidate } = usePromise(initialValues, [preselected], { onError: () => undefined });
  if (error) return <FormNotReady problem={problemOf(error)} onRetry={revalidate} />;
  if (!data) return <Form isLoading />;
  return <BackUpFolderFields start={data} after={after} />;
}
