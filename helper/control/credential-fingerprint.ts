import { createHmac } from "node:crypto";

interface KeyParts {
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * A mark of an access key that tells whether the preferences changed since they were handed over; 64 hex digits.
 * `salt` is random and made once an installation, so that the mark says nothing anywhere else.
 */
export function credentialFingerprint({ accessKeyId, secretAccessKey }: KeyParts, salt: string): string {
  // As JSON, so that moving a character from one part to the other gives another mark.
  return createHmac("sha256", salt)
    .update(JSON.stringify([accessKeyId, secretAccessKey]))
    .digest("hex");
}
