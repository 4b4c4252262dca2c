import type { Segment } from "./body-store.ts";

export interface Checksums {
  /** Base64, as in x-amz-checksum-sha256; of a multipart object with its "-<parts>" suffix. */
  sha256?: string;
  crc32?: string;
}

/** What a PUT or CreateMultipartUpload says about an object beside its bytes. */
export interface ObjectHeaders {
  contentType: string;
  storageClass: string;
  /** x-amz-meta-* without that prefix. */
  metadata: Record<string, string>;
  /** Content-Encoding, Content-Disposition, Cache-Control, … as sent. */
  otherHeaders: Record<string, string>;
}

export interface StoredObject extends ObjectHeaders {
  key: string;
  sizeBytes: number;
  /** Quoted: the MD5 of the body, or the MD5 of the parts' MD5s with "-<parts>". */
  etag: string;
  /** Hex SHA-256 of the whole body; undefined for a multipart object (read its bytes). */
  sha256: string | undefined;
  checksums: Checksums;
  checksumType: "FULL_OBJECT" | "COMPOSITE";
  lastModified: Date;
  segments: Segment[];
}

export interface StoredPart {
  partNumber: number;
  segment: Segment;
  etag: string;
  checksums: Checksums;
  lastModified: Date;
}

export interface MultipartUpload extends ObjectHeaders {
  uploadId: string;
  key: string;
  initiated: Date;
  /** The algorithm announced at creation; its checksum is then wanted with every part. */
  checksumAlgorithm: "SHA256" | "CRC32" | undefined;
  parts: Map<number, StoredPart>;
}
