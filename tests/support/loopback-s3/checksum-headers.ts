import type { Checksums } from "./stored-object.ts";

/** x-amz-checksum-* headers as answers carry them. */
export function checksumHeaders(checksums: Checksums): Record<string, string> {
  return {
    ...(checksums.sha256 !== undefined && { "x-amz-checksum-sha256": checksums.sha256 }),
    ...(checksums.crc32 !== undefined && { "x-amz-checksum-crc32": checksums.crc32 }),
  };
}
