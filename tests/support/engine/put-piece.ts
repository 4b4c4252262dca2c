import { catalogueKey } from "../../../helper/catalogue/catalogue-key.ts";
import type { CatalogueLine } from "../../../helper/catalogue/catalogue-line.ts";
import { packPiece } from "../../../helper/catalogue/pack-piece.ts";
import type { LoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";
import { sessionBucket } from "./session-bench.ts";

/** Puts a piece of anybody's catalogue there, well formed, whatever its lines say. @returns its key */
export async function putPiece(
  s3: LoopbackS3,
  { macId, number, prefix = "photos" }: { macId: string; number: number; prefix?: string },
  lines: readonly (Partial<CatalogueLine> & Record<string, unknown>)[],
): Promise<string> {
  const fixed = { format: "photolala-catalogue", version: 1, kind: "piece" } as const;
  const createdAt = "2026-01-02T03:04:05.000Z";
  const header = { ...fixed, folders: [], macId, number, createdAt, prefix, count: lines.length };
  const { bytes } = await packPiece(
    header,
    lines.map((line) => JSON.stringify(line)),
  );
  const key = catalogueKey(prefix, { macId, number });
  s3.putObjectDirectly(sessionBucket, key, bytes);
  return key;
}
