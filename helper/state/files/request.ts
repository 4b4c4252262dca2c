import { z } from "zod";

/** `requests/<time>-<random>.json`: what a command asks of the helper, which removes the file once it is done. */
export const requestSchema = z.looseObject({
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  kind: z.enum(["back-up-now", "retry", "retry-all", "back-up-anyway", "verify"]),
  /** For "retry", "back-up-anyway" and "verify": the photos' absolute paths. */
  paths: z.array(z.string()).optional(),
});

export type HelperRequest = z.infer<typeof requestSchema>;
