import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { z } from "zod";
import { systemErrorCode } from "../errors/translate-state-error.ts";

const tokenPattern = /^[0-9a-f]{32}$/;

const claimSchema = z.looseObject({
  pid: z.int().positive(),
  processStartTime: z.string().min(1),
  token: z.string().regex(tokenPattern),
});

/** Who holds a lock, or the right to take one over. `token` is made anew for every claim and never used again. */
export type LockClaim = z.infer<typeof claimSchema>;

/**
 * What a lock file holds. `id` names this very content for good: the claim's token, or for a damaged file a hash over its
 * bytes, inode and time of change. A damaged file comes from a power cut, a damaged disk or another program; ours appear
 * whole.
 */
export type FoundClaim =
  { kind: "claim"; id: string; claim: LockClaim } | { kind: "damaged"; id: string; changedAtMs: number };

/** Undefined where there is no such file. Throws the system's error when it cannot be read. */
export function readClaim(path: string): FoundClaim | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const bytes = readFileSync(file);
    const claim = parseClaim(bytes);
    if (claim) return { kind: "claim", id: claim.token, claim };
    const { ino, ctimeNs, ctimeMs } = fstatSync(file, { bigint: true });
    const id = createHash("sha256").update(`${ino} ${ctimeNs} `).update(bytes).digest("hex");
    return { kind: "damaged", id: `damaged-${id.slice(0, 32)}`, changedAtMs: Number(ctimeMs) };
  } finally {
    closeSync(file);
  }
}

function parseClaim(bytes: Buffer): LockClaim | undefined {
  try {
    return claimSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}
