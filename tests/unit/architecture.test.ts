import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Import {
  /** The importing file, relative to the project. */
  from: string;
  /** A package's name, "node:…", or the imported file relative to the project. */
  to: string;
  /** Gone when the program runs. */
  isType: boolean;
  /** `import()`: loaded only when it is needed. */
  isLazy: boolean;
}

function filesBelow(...folders: string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    )
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.includes("node_modules"))
    .sort();
}

const text = (path: string) => readFileSync(join(root, path), "utf8");

function importsOf(path: string): Import[] {
  const source = ts.createSourceFile(
    path,
    text(path),
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const imports: Import[] = [];
  const note = (specifier: ts.Expression | undefined, isType: boolean, isLazy: boolean) => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const name = specifier.text;
    const to = name.startsWith(".") ? relative(root, resolve(root, dirname(path), name)) : packageOf(name);
    imports.push({ from: path, to, isType, isLazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, isTypeOnly(node.importClause), false);
    else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly, false);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      note(node.arguments[0], false, true);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    !clause.name &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const programFiles = filesBelow("src", "helper");
const programImports = programFiles.flatMap(importsOf);

/** Imports of some files that break a rule, as lines that say which. */
function breaking(from: RegExp, isAllowed: (found: Import) => boolean): string[] {
  return programImports
    .filter((found) => from.test(found.from) && !isAllowed(found))
    .map(({ from, to }) => `${from} → ${to}`);
}

const isOwn = ({ to }: Import) => /^(src|helper|tests|scripts|assets)\//.test(to);
const within = ({ to }: Import, ...folders: string[]) => folders.some((folder) => to.startsWith(`${folder}/`));

describe("who may import what (docs/design.md, Dependency direction)", () => {
  test("the reader of imports sees them all", () => {
    const found = programImports.filter(({ from }) => from === "helper/main.ts").map(({ to }) => to);
    expect(found).toContain("helper/cli/run-program.ts");
    expect(found).toContain("helper/s3/open-object-store.ts");
    expect(
      programImports.find(({ from, to }) => from === "helper/main.ts" && to === "helper/s3/open-object-store.ts")
        ?.isLazy,
    ).toBe(true);
    expect(
      programImports.find(({ from, to }) => from === "helper/backup/object-store.ts" && to === "node:stream")?.isType,
    ).toBe(true);
    expect(programImports.length).toBeGreaterThan(300);
  });

  test("src sees nothing of the helper but its state and its control", () => {
    expect(
      breaking(/^src\//, (found) => !isOwn(found) || within(found, "src", "helper/state", "helper/control")),
    ).toEqual([]);
  });

  test("src imports no SDK, no watcher and no queue", () => {
    const heavy = /^(@aws-sdk|@smithy|chokidar|p-queue|exifr|pino|commander|cli-progress)/;
    expect(breaking(/^src\//, ({ to }) => !heavy.test(to))).toEqual([]);
  });

  test("helper/state imports nothing of the project", () => {
    expect(breaking(/^helper\/state\//, (found) => !isOwn(found) || within(found, "helper/state"))).toEqual([]);
  });

  test("the engine sees ports: of the project only state and photos, no SDK and no watcher", () => {
    const isEngine = /^helper\/backup\//;
    expect(
      breaking(isEngine, (found) => !isOwn(found) || within(found, "helper/backup", "helper/state", "helper/photos")),
    ).toEqual([]);
    expect(
      breaking(isEngine, (found) => isOwn(found) || found.to.startsWith("node:") || found.to === "p-queue"),
    ).toEqual([]);
  });

  test("only helper/s3 knows the AWS SDK, but for helper/secrets' lazily loaded readers of profiles", () => {
    const isSdk = ({ to }: Import) => /^@(aws-sdk|smithy|aws-crypto)\//.test(to);
    expect(
      breaking(/./, (found) => {
        if (!isSdk(found) || found.from.startsWith("helper/s3/")) return true;
        const isProvider = found.to.startsWith("@aws-sdk/credential-provider-");
        return found.from.startsWith("helper/secrets/") && isProvider && (found.isLazy || found.isType);
      }),
    ).toEqual([]);
  });

  test.each([
    ["chokidar", "helper/watch/"],
    ["exifr", "helper/photos/"],
    ["@raycast/", "src/"],
  ])("only its own place knows %s: %s", (name, place) => {
    expect(breaking(/./, ({ from, to }) => !to.startsWith(name) || from.startsWith(place))).toEqual([]);
    expect(programImports.some(({ from, to }) => to.startsWith(name) && from.startsWith(place))).toBe(true);
  });

  test("nothing imports main, and nobody but it and the daemon knows how the parts are wired", () => {
    expect(breaking(/./, ({ to }) => to !== "helper/main.ts")).toEqual([]);
    expect(
      breaking(/^helper\/(?!main\.ts|daemon\/|cli\/)/, (found) => !within(found, "helper/daemon", "helper/cli")),
    ).toEqual([]);
  });

  test("the program imports no tests", () => {
    expect(breaking(/./, (found) => !within(found, "tests", "scripts"))).toEqual([]);
  });

  test("every import names a file that is there, with its extension", () => {
    const files = new Set(programFiles);
    const missing = programImports.filter(
      (found) => isOwn(found) && !files.has(found.to) && !found.to.startsWith("assets/"),
    );
    expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test("there is no circle of imports when it runs", () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, isType, isLazy } of programImports) {
      if (!isType && !isLazy) edges.set(from, [...(edges.get(from) ?? []), to]);
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, trail: string[]): void => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      if (done.has(file) || trail.includes(file)) return;
      for (const next of edges.get(file) ?? []) walk(next, [...trail, file]);
      done.add(file);
    };
    for (const file of edges.keys()) walk(file, []);
    expect(circles).toEqual([]);
  });
});

describe("every file", () => {
  const allFiles = filesBelow("src", "helper", "tests", "scripts");

  test("has at most 250 lines that are not blank", () => {
    const tooLong = allFiles.map((path) => ({
      path,
      lines: text(path)
        .split("\n")
        .filter((line) => line.trim() !== "").length,
    }));
    expect(tooLong.filter(({ lines }) => lines > 250)).toEqual([]);
  });

  test("has no any, and silences no checker", () => {
    const loose = allFiles
      .filter((path) => path.endsWith(".ts") || path.endsWith(".tsx"))
      .filter((path) => {
        const source = ts.createSourceFile(path, text(path), ts.ScriptTarget.Latest, true);
        let hasAny = false;
        const visit = (node: ts.Node): void => {
          hasAny ||= node.kind === ts.SyntaxKind.AnyKeyword;
          ts.forEachChild(node, visit);
        };
        visit(source);
        return hasAny || silencers.test(text(path));
      });
    expect(loose).toEqual([]);
  });

  test("names no path of the machine it was written on", () => {
    expect(allFiles.filter((path) => foreignPath.test(text(path)))).toEqual([]);
  });

  test("is named in kebab-case", () => {
    const misnamed = allFiles
      .map((path) => path.split("/").at(-1) ?? "")
      .filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|tsx|mjs)$/.test(name));
    expect(misnamed).toEqual([]);
  });
});

// Spelled in pieces, so that this file does not find itself.
const silencers = new RegExp(
  ["@ts-" + "(ignore|nocheck|expect-error)", "eslint-" + "disable", "prettier-" + "ignore"].join("|"),
);
const foreignPath = new RegExp(["/work" + "/(main|shared)", "/" + "root/"].join("|"));
