// Bundles the helper into the one file that Raycast ships and launchd runs: assets/helper.mjs, or the file given.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";

const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

await build({
  entryPoints: [new URL("../helper/main.ts", import.meta.url).pathname],
  outfile: process.argv[2] ?? new URL("../assets/helper.mjs", import.meta.url).pathname,
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  // CommonJS packages inside the bundle call require() for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  define: { __HELPER_VERSION__: JSON.stringify(manifest.version ?? "0.0.0") },
  logLevel: "warning",
});
