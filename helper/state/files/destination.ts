import { z } from "zod";

/** Where photos go. `endpoint` is absent for AWS itself; `prefix` has no slash at either end and may be empty. */
export const destinationSchema = z.looseObject({
  endpoint: z.string().optional(),
  region: z.string(),
  bucket: z.string(),
  prefix: z.string(),
});

export type Destination = z.infer<typeof destinationSchema>;
