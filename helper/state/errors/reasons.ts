/** What a failure concerns: one photo, one folder, the whole run at its destination, or our own state on disk. */
export type ReasonScope = "photo" | "folder" | "destination" | "state";

/**
 * When it is worth trying again.
 * - `backoff`: by itself, after a growing and jittered wait (a longer `Retry-After` wins)
 * - `half-hourly`: by itself, every 30 minutes
 * - `on-change`: only once the photo, folder or settings changed, or when the person asks
 */
export type ReasonRetry = "backoff" | "half-hourly" | "on-change";

/** The one step that mends it, as the commands offer it. */
export type ReasonAction =
  | "wait"
  | "retry"
  | "open-preferences"
  | "choose-bucket"
  | "give-consent"
  | "choose-folder"
  | "open-privacy-settings"
  | "connect-volume"
  | "free-space"
  | "store-quota"
  | "show-in-finder"
  | "download-from-icloud"
  | "back-up-anyway"
  | "update"
  | "report";

export interface Reason {
  scope: ReasonScope;
  retry: ReasonRetry;
  action: ReasonAction;
  /** A few words, title case, for a row or a toast's title. */
  title: string;
  /** What happened, one sentence. */
  what: string;
  /** What to do, one sentence. */
  mend: string;
}

/** Every way in which a photo, a folder or a run is not backed up: the one table of the design's errors. */
export const reasons = {
  "network-down": {
    scope: "destination",
    retry: "backoff",
    action: "wait",
    title: "No Connection",
    what: "The S3 service could not be reached.",
    mend: "Check the network and the endpoint; the backup goes on by itself once it answers.",
  },
  timeout: {
    scope: "destination",
    retry: "backoff",
    action: "wait",
    title: "No Answer",
    what: "The S3 service did not answer in time.",
    mend: "Nothing to do: it is tried again by itself.",
  },
  throttled: {
    scope: "destination",
    retry: "backoff",
    action: "wait",
    title: "Slowed Down by the Service",
    what: "The S3 service asked us to slow down.",
    mend: "Nothing to do: it is tried again after the time it asked for.",
  },
  "server-error": {
    scope: "destination",
    retry: "backoff",
    action: "wait",
    title: "The Service Has a Problem",
    what: "The S3 service answered with an internal error.",
    mend: "Nothing to do: it is tried again by itself.",
  },
  "credentials-missing": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "No Access Key",
    what: "There is no access key to sign in with.",
    mend: "Enter the access key in the extension's preferences, run `credentials set`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  },
  "credentials-refused": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Access Key Refused",
    what: "The S3 service does not accept the access key or its secret.",
    mend: "Check the access key, the secret and the endpoint they belong to.",
  },
  "credentials-expired": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Access Key Expired",
    what: "The session of this access key has ended.",
    mend: "Sign in again or enter a new access key.",
  },
  "keychain-locked": {
    scope: "destination",
    retry: "backoff",
    action: "retry",
    title: "Keychain Locked",
    what: "The access key could not be read from your login keychain.",
    mend: "Unlock the login keychain and try again.",
  },
  "keychain-failed": {
    scope: "destination",
    retry: "backoff",
    action: "retry",
    title: "Keychain Not Usable",
    what: "The login keychain could not be used.",
    mend: "Open Keychain Access, check that the login keychain is there, and try again.",
  },
  "keychain-missing": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "No Keychain Here",
    what: "There is no macOS Keychain on this computer, so the access key cannot be kept in it.",
    mend: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws/credentials: they are used here.",
  },
  "clock-wrong": {
    scope: "destination",
    retry: "on-change",
    action: "retry",
    title: "Clock Is Wrong",
    what: "This computer's clock differs too much from the S3 service's.",
    mend: "Set the date and time automatically, then try again.",
  },
  "bucket-missing": {
    scope: "destination",
    retry: "on-change",
    action: "choose-bucket",
    title: "Bucket Not Found",
    what: "There is no bucket of this name at this service.",
    mend: "Check the bucket's name and the endpoint, or create the bucket.",
  },
  "wrong-region": {
    scope: "destination",
    retry: "on-change",
    action: "choose-bucket",
    title: "Wrong Region",
    what: "The bucket is in another region than the one set.",
    mend: "Set the bucket's own region.",
  },
  "permission-denied": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Permission Missing",
    what: "The access key may not do this in the bucket.",
    mend: "Give the key s3:GetObject, s3:PutObject and s3:ListBucket on this bucket.",
  },
  "quota-exceeded": {
    scope: "destination",
    retry: "half-hourly",
    action: "store-quota",
    title: "Storage Full",
    what: "The bucket's quota or storage is used up.",
    mend: "Make room or raise the quota; it is tried again every 30 minutes.",
  },
  "endpoint-invalid": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Endpoint Not Valid",
    what: "The endpoint is not the URL of an S3 service.",
    mend: "Enter it as https://host or https://host:port, without a bucket's name.",
  },
  "insecure-endpoint": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Endpoint Not Encrypted",
    what: "The endpoint uses http, which would send your photos unencrypted.",
    mend: "Use https, or allow http for this endpoint on purpose with --allow-insecure-http.",
  },
  "tls-failed": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Certificate Not Trusted",
    what: "The S3 service's certificate could not be verified.",
    mend: "Check the endpoint's name and its certificate.",
  },
  "not-s3": {
    scope: "destination",
    retry: "on-change",
    action: "open-preferences",
    title: "Not an S3 Service",
    what: "Something answered at this endpoint, but not an S3 service.",
    mend: "Check the endpoint's URL and port.",
  },
  unknown: {
    scope: "photo",
    retry: "backoff",
    action: "report",
    title: "Unknown Error",
    what: "Something happened that Photolala does not know.",
    mend: "It is tried again a few times; if it stays, report it with its details.",
  },
  "checksum-mismatch": {
    scope: "photo",
    retry: "backoff",
    action: "retry",
    title: "Damaged on the Way",
    what: "The service received other bytes than were sent.",
    mend: "Nothing to do: it is sent again.",
  },
  "unconfirmed-upload": {
    scope: "photo",
    retry: "backoff",
    action: "retry",
    title: "Upload Not Confirmed",
    what: "The service took the photo but could not show that it holds the same bytes.",
    mend: "It is tried again; if it stays, check the service.",
  },
  "key-rejected": {
    scope: "photo",
    retry: "on-change",
    action: "show-in-finder",
    title: "Name Not Accepted",
    what: "The S3 service does not accept this file's name.",
    mend: "Rename the file.",
  },
  "empty-file": {
    scope: "photo",
    retry: "on-change",
    action: "show-in-finder",
    title: "Empty File",
    what: "The file has no bytes in it.",
    mend: "Replace it by a whole copy, or delete it.",
  },
  "all-zeros": {
    scope: "photo",
    retry: "on-change",
    action: "show-in-finder",
    title: "Nothing but Zeros",
    what: "The file holds nothing but zero bytes, as after a failed copy.",
    mend: "Replace it by a whole copy, or delete it.",
  },
  "changed-while-reading": {
    scope: "photo",
    retry: "backoff",
    action: "wait",
    title: "Changed During Backup",
    what: "The file changed while it was backed up.",
    mend: "Nothing to do: it is backed up once it stays still.",
  },
  "still-changing": {
    scope: "photo",
    retry: "backoff",
    action: "wait",
    title: "Still Being Written",
    what: "Another program is still writing this file.",
    mend: "Nothing to do: it is backed up once it stays still.",
  },
  vanished: {
    scope: "photo",
    retry: "on-change",
    action: "wait",
    title: "Gone Before Backup",
    what: "The file was moved or deleted before it was backed up.",
    mend: "Nothing to do: the next scan finds it where it is.",
  },
  "in-icloud": {
    scope: "photo",
    retry: "on-change",
    action: "download-from-icloud",
    title: "Only in iCloud",
    what: "This photo is not on this Mac, only in iCloud.",
    mend: "Download it in Finder; it is then backed up by itself.",
  },
  "too-large-for-now": {
    scope: "photo",
    retry: "on-change",
    action: "update",
    title: "Too Large for Now",
    what: "The file is larger than this version of Photolala can upload in one piece.",
    mend: "Wait for a version that uploads it in parts.",
  },
  "file-permission": {
    scope: "photo",
    retry: "on-change",
    action: "show-in-finder",
    title: "File Not Readable",
    what: "You have no permission to read this file.",
    mend: "Change its permissions in Finder's Get Info.",
  },
  "read-error": {
    scope: "photo",
    retry: "backoff",
    action: "show-in-finder",
    title: "Disk Read Error",
    what: "The disk could not deliver this file's bytes.",
    mend: "Check the disk, and copy the photo from another place if you can.",
  },
  "name-unreadable": {
    scope: "photo",
    retry: "on-change",
    action: "show-in-finder",
    title: "Name Not Readable",
    what: "The file's name is not valid Unicode text.",
    mend: "Rename the file.",
  },
  "folder-permission": {
    scope: "folder",
    retry: "on-change",
    action: "open-privacy-settings",
    title: "Needs Permission",
    what: "macOS does not let the helper read this folder.",
    mend: "Allow it under Privacy & Security > Files and Folders, or Full Disk Access.",
  },
  "folder-unreadable": {
    scope: "folder",
    retry: "on-change",
    action: "show-in-finder",
    title: "Folder Not Readable",
    what: "This folder could not be read.",
    mend: "Check its permissions and its disk.",
  },
  "folder-missing": {
    scope: "folder",
    retry: "on-change",
    action: "choose-folder",
    title: "Folder Not Found",
    what: "This folder is not where it was; nothing in the bucket is touched.",
    mend: "Put it back, or remove it and choose its new place.",
  },
  "volume-offline": {
    scope: "folder",
    retry: "on-change",
    action: "connect-volume",
    title: "Volume Offline",
    what: "The disk that holds this folder is not connected.",
    mend: "Connect it; the backup goes on by itself.",
  },
  "no-consent": {
    scope: "state",
    retry: "on-change",
    action: "give-consent",
    title: "Consent Missing",
    what: "Nothing is uploaded before you agreed to this destination.",
    mend: "Agree in Back Up Folder, or pass --consent.",
  },
  "no-destination": {
    scope: "state",
    retry: "on-change",
    action: "choose-bucket",
    title: "No Bucket Chosen",
    what: "No bucket has been chosen yet.",
    mend: "Choose one in List Buckets or Back Up Folder, or pass --bucket.",
  },
  "no-folders": {
    scope: "state",
    retry: "on-change",
    action: "choose-folder",
    title: "No Folder Chosen",
    what: "No folder has been chosen yet.",
    mend: "Choose one in Back Up Folder, with `folders add`, or name it after `backup`.",
  },
  "another-helper-runs": {
    scope: "state",
    retry: "backoff",
    action: "wait",
    title: "Another Helper Runs",
    what: "Another Photolala helper is already at work.",
    mend: "Wait for it, or stop it first.",
  },
  "newer-schema": {
    scope: "state",
    retry: "on-change",
    action: "update",
    title: "Written by a Newer Version",
    what: "A file was written by a newer version of Photolala and is left untouched.",
    mend: "Update Photolala Backup.",
  },
  "settings-broken": {
    scope: "state",
    retry: "on-change",
    action: "choose-folder",
    title: "Settings Not Readable",
    what: "The settings could not be read and were set aside.",
    mend: "Choose the bucket and folders again; nothing that was backed up is lost.",
  },
  "state-unwritable": {
    scope: "state",
    retry: "backoff",
    action: "show-in-finder",
    title: "State Not Writable",
    what: "Photolala cannot write its own files, so it uploads nothing.",
    mend: "Check the permissions of the state folder.",
  },
  "agent-unavailable": {
    scope: "state",
    retry: "on-change",
    action: "retry",
    title: "No Background Backup Here",
    what: "macOS's launchd, which keeps the helper running in the background, cannot be reached from here.",
    mend: "Log in at the Mac itself and try again, or run `backup` when you want one.",
  },
  "agent-not-started": {
    scope: "state",
    retry: "on-change",
    action: "retry",
    title: "Helper Did Not Start",
    what: "macOS did not start the background helper.",
    mend: "Turn background backup off and on again; if it stays, report it with its details.",
  },
  "helper-failed": {
    scope: "state",
    retry: "on-change",
    action: "report",
    title: "Helper Gave No Answer",
    what: "The Photolala helper could not be run or gave no answer.",
    mend: "Try again; if it stays, report it with its details.",
  },
  "disk-full": {
    scope: "state",
    retry: "backoff",
    action: "free-space",
    title: "Disk Full",
    what: "This computer's disk is full, so what is uploaded could not be recorded.",
    mend: "Make room; the backup goes on by itself.",
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasons;
