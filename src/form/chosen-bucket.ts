import { LocalStorage } from "@raycast/api";
import { z } from "zod";

const name = "chosen-bucket";

const chosenBucketSchema = z.object({
  bucket: z.string(),
  region: z.string().optional(),
  /** Where it was seen; "" for AWS. At another endpoint the same name is another bucket. */
  endpoint: z.string(),
});

export type ChosenBucket = z.infer<typeof chosenBucketSchema>;

/** Keeps a bucket in mind for the form. It is no destination before the person agreed to it there. */
export async function rememberChosenBucket(bucket: ChosenBucket): Promise<void> {
  await LocalStorage.setItem(name, JSON.stringify(bucket));
}

/** The bucket chosen at this endpoint and not yet agreed to. */
export async function recallChosenBucket(endpoint: string): Promise<ChosenBucket | undefined> {
  const kept = await LocalStorage.getItem<string>(name);
  if (!kept) return undefined;
  const bucket = parse(kept);
  return bucket?.endpoint === endpoint ? bucket : undefined;
}

export async function forgetChosenBucket(): Promise<void> {
  await LocalStorage.removeItem(name);
}

function parse(kept: string): ChosenBucket | undefined {
  try {
    return chosenBucketSchema.parse(JSON.parse(kept));
  } catch {
    return undefined;
  }
}
