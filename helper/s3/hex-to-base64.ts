/** S3 takes and gives checksums in base64; everything of ours keeps them in hex. */
export function hexToBase64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}
