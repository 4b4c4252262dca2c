import { z } from "zod";
import { callHelper } from "./call-helper.ts";

const bucketsSchema = z.object({
  buckets: z.array(z.object({ name: z.string(), region: z.string().optional(), createdAt: z.string().optional() })),
});

export type Bucket = z.infer<typeof bucketsSchema>["buckets"][number];

interface Whose {
  region: string;
  /** "" for AWS itself. */
  endpoint: string;
  /** Only so that what is cached for one key is not shown for another. */
  accessKeyId: string;
}

/** All buckets that the access key sees. Throws HelperError or BackupError with words. */
export async function listBuckets({ region, endpoint }: Whose): Promise<Bucket[]> {
  const args = ["buckets", `--region=${region}`, `--endpoint=${endpoint}`];
  return (await callHelper({ args, answer: bucketsSchema })).buckets;
}
