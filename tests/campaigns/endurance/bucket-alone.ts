import { gunzipSync } from "node:zlib";
import { bucket, type SimulatedMac } from "./simulated-mac.ts";

interface CatalogueLine {
  path?: string;
  key?: string;
  sha256?: string;
}

/**
 * Every path that the bucket knows, with its key and hash, read with gunzip and JSON.parse alone: what a person has who
 * has nothing but the bucket (docs/formats.md).
 */
export async function pathsInBucketAlone({ s3, prefix }: SimulatedMac): Promise<Map<string, Required<CatalogueLine>>> {
  const pieces = s3.objects(bucket).filter(({ key }) => key.startsWith(`${prefix}/.photolala/`) && key.endsWith(".gz"));
  const paths = new Map<string, Required<CatalogueLine>>();
  // One mac id's pieces are in order by their names; where an installation began another id, S3's own times tell.
  const byTime = (one: (typeof pieces)[number], other: (typeof pieces)[number]) =>
    one.lastModified.getTime() - other.lastModified.getTime() || (one.key < other.key ? -1 : 1);
  for (const { key } of pieces.sort(byTime)) {
    const text = gunzipSync(await s3.readObject(bucket, key)).toString("utf8");
    for (const row of text.split("\n").filter((each) => each !== "")) {
      const line = JSON.parse(row) as CatalogueLine;
      if (line.path !== undefined) paths.set(line.path, line as Required<CatalogueLine>);
    }
  }
  return paths;
}
