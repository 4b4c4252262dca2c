import type { ObjectUpload } from "../../../helper/backup/object-store.ts";
import { sha256Of } from "./engine-bench.ts";

/** What the engine would hand to a store to upload these bytes as `p/a.jpg`. */
export function uploadOf(content: Buffer, changes: Partial<ObjectUpload> = {}): ObjectUpload {
  return {
    key: "p/a.jpg",
    body: content,
    sizeBytes: content.length,
    sha256Hex: sha256Of(content),
    contentType: "image/jpeg",
    metadata: { sha256: sha256Of(content) },
    ...changes,
  };
}
