import { z } from "zod";

/** Where photos go. `endpoint` is absent for AWS itself; `prefix` has no slash at either end and may be empty. */
export const destinationSchema = z.looseObject({
  endpoint: z.string().optional(),
  region: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  /** Of `storageClasses`; absent means the bucket's default. How photos are kept there, so no part of its identity. */
  storageClass: z.string().optional(),
});

export type Destination = z.infer<typeof destinationSchema>;
