/** A SHA-256 as headers have it, in hex; undefined for anything else, a checksum of checksums too. */
export function base64ToHex(checksum: string | undefined): string | undefined {
  if (!checksum || !/^[A-Za-z0-9+/]{43}=$/.test(checksum)) return undefined;
  return Buffer.from(checksum, "base64").toString("hex");
}
