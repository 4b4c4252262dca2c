import { build, type Metafile } from "esbuild";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A command has about 100 MB of memory: what it carries along is part of that. */
const bundleBytesMost = 1_500_000;

let bundles: Metafile;

beforeAll(async () => {
  // As `ray build` does it.
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: manifest.commands.map(({ name }) => `src/${name}.tsx`),
    outdir: "bundles",
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    jsx: "automatic",
    target: "node22",
    external: ["@raycast/api", "react", "react/jsx-runtime"],
  });
  bundles = metafile;
});

describe("the bundled commands", () => {
  it.each(["@aws-sdk", "@smithy", "chokidar", "exifr", "p-queue", "pino"])("carry nothing of %s", (name) => {
    const inputs = Object.keys(bundles.inputs).filter((path) => path.includes(`node_modules/${name}`));
    expect(inputs).toEqual([]);
  });

  it("hold nothing of the helper but its state and its control", () => {
    const parts = Object.keys(bundles.inputs).filter((path) => path.startsWith("helper/"));
    expect(parts.length).toBeGreaterThan(10);
    // helper/control itself runs programs through helper/macos-tools.
    expect(parts.filter((path) => !/^helper\/(?:state|control|macos-tools)\//.test(path))).toEqual([]);
  });

  it("import of the helper, by themselves, only state and control", () => {
    for (const [path, { imports }] of Object.entries(bundles.inputs)) {
      if (!path.startsWith("src/")) continue;
      const reached = imports.map((entry) => entry.path).filter((target) => target.startsWith("helper/"));
      expect(
        reached.filter((target) => !/^helper\/(?:state|control)\//.test(target)),
        path,
      ).toEqual([]);
    }
  });

  it("never load the ledger", () => {
    const ledger = Object.keys(bundles.inputs).filter((path) => path.startsWith("helper/state/ledger/"));
    expect(ledger).toEqual([]);
  });

  it("stay small", () => {
    const sizes = Object.entries(bundles.outputs).map(([path, { bytes }]) => [path, bytes] as const);
    expect(sizes).toHaveLength(manifest.commands.length);
    for (const [path, bytes] of sizes) expect(bytes, path).toBeLessThan(bundleBytesMost);
  });
});
