import { z } from "zod";

/**
 * The classes a backup may use. None that must be restored before it can be read (Glacier Flexible Retrieval, Deep
 * Archive): a photo could then neither be compared, verified nor brought back without hours of waiting and a fee.
 */
export const storageClasses = ["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR"] as const;

export const storageClassSchema = z.enum(storageClasses);

export type StorageClass = z.infer<typeof storageClassSchema>;

/** As AWS calls them, for people. */
export const storageClassTitles: Record<StorageClass, string> = {
  STANDARD: "Standard",
  STANDARD_IA: "Standard-IA",
  INTELLIGENT_TIERING: "Intelligent-Tiering",
  GLACIER_IR: "Glacier Instant Retrieval",
};
