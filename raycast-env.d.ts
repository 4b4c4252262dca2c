/// <reference types="@raycast/api">

/* 🚧 🚧 🚧
 * This file is auto-generated from the extension's manifest.
 * Do not modify manually. Instead, update the `package.json` file.
 * 🚧 🚧 🚧 */

/* eslint-disable @typescript-eslint/ban-types */

type ExtensionPreferences = {
  /** Access Key ID - The access key of your S3 account */
  "accessKeyId": string,
  /** Secret Access Key - Kept encrypted by Raycast and handed to the helper through its standard input only */
  "secretAccessKey": string,
  /** Region - The region of your bucket, as your provider names it */
  "region": string,
  /** Endpoint - Only for providers other than AWS: the URL of their S3 service */
  "endpoint"?: string
}

/** Preferences accessible in all the extension's commands */
declare type Preferences = ExtensionPreferences

declare namespace Preferences {
  /** Preferences accessible in the `list-buckets` command */
  export type ListBuckets = ExtensionPreferences & {}
  /** Preferences accessible in the `back-up-folder` command */
  export type BackUpFolder = ExtensionPreferences & {}
  /** Preferences accessible in the `show-status` command */
  export type ShowStatus = ExtensionPreferences & {}
  /** Preferences accessible in the `view-failures` command */
  export type ViewFailures = ExtensionPreferences & {}
  /** Preferences accessible in the `backup-menu-bar` command */
  export type BackupMenuBar = ExtensionPreferences & {}
}

declare namespace Arguments {
  /** Arguments passed to the `list-buckets` command */
  export type ListBuckets = {}
  /** Arguments passed to the `back-up-folder` command */
  export type BackUpFolder = {}
  /** Arguments passed to the `show-status` command */
  export type ShowStatus = {}
  /** Arguments passed to the `view-failures` command */
  export type ViewFailures = {}
  /** Arguments passed to the `backup-menu-bar` command */
  export type BackupMenuBar = {}
}

