// Bundles the helper into the one file that Raycast ships and launchd runs: assets/helper.mjs, or the file given.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";

const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

/**
 * An import of one of Node's own modules would load it at every start, also where only the SDK uses it: http alone, with
 * all that it brings, takes a tenth of a start. Asked for as a function they are loaded when their importer is.
 */
const lazyBuiltins = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path, kind }) => {
      return isBuiltin(path) && kind === "import-statement" ? { path, namespace: "builtin" } : undefined;
    });
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => {
      return { contents: `module.exports = require(${JSON.stringify(path)});` };
    });
  },
};

/** Error messages of zod in sixty languages, which nobody sees: an eighth of the bundle, read at every start. */
const oneLanguage = {
  name: "one-language",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

await build({
  entryPoints: [new URL("../helper/main.ts", import.meta.url).pathname],
  outfile: process.argv[2] ?? new URL("../assets/helper.mjs", import.meta.url).pathname,
  bundle: true,
  plugins: [lazyBuiltins, oneLanguage],
  platform: "node",
  // As modules, of which only what is used goes along; as CommonJS all of the SDK would be loaded at every start.
  mainFields: ["module", "main"],
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
