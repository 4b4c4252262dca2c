import { z, type ZodType } from "zod";
import { runHelper } from "../../helper/control/run-helper.ts";
import { helperBundlePath } from "./helper-bundle-path.ts";
import { HelperError } from "./helper-error.ts";

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    title: z.string().default("Not Done"),
    what: z.string(),
    mend: z.string().default(""),
    detail: z.string().optional(),
  }),
});

interface CallOptions<T> {
  args: string[];
  answer: ZodType<T>;
  /** The only way a secret reaches the helper. */
  stdin?: string;
  timeoutMs?: number;
}

/**
 * Asks the helper's command line and checks what it answers. Throws HelperError with the helper's own words, or
 * BackupError "helper-failed" when it could not be asked at all.
 */
export async function callHelper<T>({ args, answer, stdin, timeoutMs }: CallOptions<T>): Promise<T> {
  const { json } = await runHelper({
    helperBundlePath: helperBundlePath(),
    args,
    ...(stdin !== undefined && { stdin }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const refusal = errorSchema.safeParse(json);
  if (refusal.success) {
    const { detail, ...words } = refusal.data.error;
    throw new HelperError({ ...words, ...(detail && { detail }) });
  }
  const result = answer.safeParse(json);
  if (result.success) return result.data;
  throw new HelperError({
    code: "helper-failed",
    title: "Helper Not Understood",
    what: `The helper's answer to "${args[0]}" is not what this version expects.`,
    mend: "Turn background backup off and on again, or update Photolala Backup.",
  });
}
