import { z } from "zod";

export const catalogueVersion = 1;

/** The first line of every piece. */
export const catalogueHeaderSchema = z.looseObject({
  format: z.literal("photolala-catalogue"),
  version: z.literal(catalogueVersion),
  kind: z.enum(["piece", "snapshot"]),
  macId: z.string(),
  number: z.int().positive(),
  /** Of a snapshot: it holds what every number below this one held. */
  replacesBelow: z.int().positive().optional(),
  part: z.int().positive().optional(),
  parts: z.int().positive().optional(),
  createdAt: z.iso.datetime(),
  prefix: z.string(),
  /** The folders of the run that wrote it: a photo's key is the label and the path inside the folder, as far as it fits. */
  folders: z.array(z.looseObject({ label: z.string(), path: z.string() })),
  /** Lines of photos that follow, before the last line. */
  count: z.int().nonnegative(),
});

export type CatalogueHeader = z.infer<typeof catalogueHeaderSchema>;

/** The last line: without it the piece is torn. */
export const catalogueEndSchema = z.looseObject({ end: z.literal(true), count: z.int().nonnegative() });
