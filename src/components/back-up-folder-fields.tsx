import { Action, ActionPanel, Form, useNavigation } from "@raycast/api";
import { useForm } from "@raycast/utils";
import { useState, type ReactElement } from "react";
import type { Destination } from "../../helper/state/files/destination.ts";
import { storageClasses, storageClassTitles } from "../../helper/state/files/storage-class.ts";
import { isConsentNeeded } from "../form/consent-needed.ts";
import { bucketError, cleanPrefix, prefixError, regionError } from "../form/field-rules.ts";
import type { BackUpFolderValues, FormStart } from "../form/initial-values.ts";
import { submitBackup } from "../form/submit-backup.ts";
import { icons } from "../palette.ts";
import { backupPreferences } from "../state/preferences.ts";
import { placeWords, serviceName } from "../words/place-words.ts";
import { actionTitles } from "../words/action-titles.ts";

interface BackUpFolderFieldsProps {
  start: FormStart;
  /** Shown once the wish is recorded; without it the screen before comes back. */
  after: ReactElement | undefined;
}

/** The fields, once it is known what to start with. */
export function BackUpFolderFields({ start: { settings, values: initial }, after }: BackUpFolderFieldsProps) {
  const { push, pop } = useNavigation();
  const [isSubmitting, setIsSubmitting] = useState(false);
  const { endpoint } = backupPreferences();
  const chosen = settings.folders.map((folder) => folder.path);

  const { handleSubmit, itemProps, setValue, setValidationError, values } = useForm<BackUpFolderValues>({
    initialValues: initial,
    validation: {
      folders: (folders) => (folders?.length || chosen.length > 0 ? undefined : "Choose at least one folder"),
      bucket: bucketError,
      region: regionError,
      prefix: prefixError,
      consent: (agreed) => (asksConsent && !agreed ? "Nothing is uploaded before you agree" : undefined),
    },
    onSubmit: async (submitted) => {
      setIsSubmitting(true);
      const wish = { settings, destination: destinationOf(submitted, endpoint), folders: submitted.folders ?? [] };
      const result = await submitBackup(wish).finally(() => setIsSubmitting(false));
      if (result.kind !== "recorded") {
        if (result.fieldError) setValidationError("folders", result.fieldError);
        return false;
      }
      if (after) push(after);
      else pop();
      return true;
    },
  });
  const destination = destinationOf(values, endpoint);
  const asksConsent = isConsentNeeded(settings, destination);
  // Agreeing to one place is not agreeing to another.
  const place = (id: "bucket" | "region" | "prefix") => ({
    ...itemProps[id],
    onChange: (value: string) => {
      setValue("consent", false);
      itemProps[id].onChange?.(value);
    },
  });

  return (
    <Form
      isLoading={isSubmitting}
      actions={
        <ActionPanel>
          <Action.SubmitForm title={actionTitles.backUp} icon={icons.backUp} onSubmit={handleSubmit} />
        </ActionPanel>
      }
    >
      <Form.FilePicker
        {...itemProps.folders}
        title="Folders"
        info="Everything inside is backed up, and what is added later too."
        canChooseDirectories
        canChooseFiles={false}
        allowMultipleSelection
      />
      {chosen.length > 0 && <Form.Description title="Already Chosen" text={chosen.join("\n")} />}
      <Form.TextField {...place("bucket")} title="Bucket" placeholder="my-photos" />
      <Form.TextField {...place("region")} title="Region" placeholder="us-east-1" />
      <Form.TextField
        {...place("prefix")}
        title="Prefix"
        placeholder="photos"
        info="Where in the bucket the photos go. Leave it empty for the top of the bucket."
      />
      <Form.Dropdown
        {...itemProps.storageClass}
        title="Storage Class"
        info="How new photos are kept. Many services have only Standard. Classes that must be restored first are left out."
      >
        {storageClasses.map((name) => (
          <Form.Dropdown.Item key={name} value={name} title={storageClassTitles[name]} />
        ))}
      </Form.Dropdown>
      <Form.Separator />
      <Form.Description title="Photos Go To" text={destination.bucket ? placeWords(destination) : "Choose a bucket."} />
      {asksConsent ? (
        <Form.Checkbox {...itemProps.consent} title="Consent" label={consentLabel(destination)} />
      ) : (
        <Form.Description title="Consent" text="You agreed to this bucket before." />
      )}
    </Form>
  );
}

function consentLabel({ bucket, region, endpoint }: Destination): string {
  return `I agree: upload my photos to ${bucket || "this bucket"} at ${serviceName(endpoint)}, region ${region}`;
}

function destinationOf(values: BackUpFolderValues, endpoint: string | undefined): Destination {
  const { bucket, region, prefix, storageClass } = values;
  return {
    ...(endpoint && { endpoint }),
    bucket: bucket?.trim() ?? "",
    region: region?.trim() ?? "",
    prefix: cleanPrefix(prefix),
    ...(storageClass !== "STANDARD" && { storageClass }),
  };
}
