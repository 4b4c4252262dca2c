import { environment } from "@raycast/api";
import { join } from "node:path";

/** The helper's one file, shipped with the extension. */
export function helperBundlePath(): string {
  return join(environment.assetsPath, "helper.mjs");
}
