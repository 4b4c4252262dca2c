import { z } from "zod";
import { destinationSchema } from "./destination.ts";

export const folderSchema = z.looseObject({
  /** Absolute path, as the file system spells it. */
  path: z.string(),
  /** The folder's part of every key: its name made unique among all labels ever given. */
  label: z.string(),
  addedAt: z.iso.datetime(),
});

/** `settings.json`: what the person asked for. Written by commands and the command line, only read by the daemon. */
export const settingsSchema = z.looseObject({
  version: z.literal(1),
  destination: destinationSchema.optional(),
  /** The person agreed to upload to this destination, which is named in full so that they can check it. */
  consent: z
    .looseObject({ grantedAt: z.iso.datetime(), destinationId: z.string(), destination: destinationSchema })
    .optional(),
  /** Other destinations agreed to before, so that going back to one does not ask again. */
  earlierConsents: z.array(z.looseObject({ grantedAt: z.iso.datetime(), destinationId: z.string() })).optional(),
  folders: z.array(folderSchema),
  /** Every label ever given, path to label: a removed folder keeps its label, and nobody else gets it. */
  labels: z.record(z.string(), z.string()),
  paused: z.boolean(),
  notifications: z.boolean(),
  /** http to a host that is not this computer, allowed on purpose. */
  allowInsecureHttp: z.boolean().optional(),
});

export type Settings = z.infer<typeof settingsSchema>;
export type ChosenFolder = z.infer<typeof folderSchema>;

export const emptySettings: Settings = { version: 1, folders: [], labels: {}, paused: false, notifications: true };
