import { getPreferenceValues } from "@raycast/api";

export interface BackupPreferences {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  /** Absent for AWS itself. */
  endpoint?: string;
}

/** The extension's preferences, without the spaces that a paste brings along. */
export function backupPreferences(): BackupPreferences {
  const given = getPreferenceValues<Partial<BackupPreferences>>();
  const endpoint = given.endpoint?.trim();
  return {
    accessKeyId: given.accessKeyId?.trim() ?? "",
    secretAccessKey: given.secretAccessKey?.trim() ?? "",
    region: given.region?.trim() || "us-east-1",
    ...(endpoint && { endpoint }),
  };
}
