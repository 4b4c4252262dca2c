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
  for (const { key } of pieces.sort((one, other) => (one.key < other.key ? -1 : 1))) {
    const text = gunzipSync(await s3.readObject(bucket, key)).toString("utf8");
    for (const row of text.split("\n").filter((each) => each !== "")) {
      const line = JSON.parse(row) as CatalogueLine;
      if (line.path !== undefined) paths.set(line.path, line as Required<CatalogueLine>);
    }
  }
  return paths;
}
