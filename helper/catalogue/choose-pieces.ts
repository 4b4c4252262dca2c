import type { CatalogueKey } from "./catalogue-key.ts";

export interface FoundPiece {
  key: string;
  name: CatalogueKey;
}

/**
 * Which pieces of one Mac's catalogue tell all of it, oldest first: the newest snapshot of which every part is there, and
 * what came after it. A later line about a path stands for any earlier one.
 */
export function choosePieces(found: readonly FoundPiece[]): FoundPiece[] {
  const all = inOrder(found);
  const first = newestSnapshot(all);
  return first === undefined ? all : all.filter(({ name }) => name.number >= first);
}

export function inOrder(found: readonly FoundPiece[]): FoundPiece[] {
  return [...found].sort((a, b) => a.name.number - b.name.number || (a.key < b.key ? -1 : 1));
}

/** The number of its first part. */
function newestSnapshot(found: readonly FoundPiece[]): number | undefined {
  const has = new Set(found.map(({ name }) => idOf(name.number, name.snapshot)));
  let newest: number | undefined;
  for (const { name } of found) {
    if (name.snapshot?.part !== 1) continue;
    const { parts } = name.snapshot;
    let part = 2;
    while (part <= parts && has.has(idOf(name.number + part - 1, { part, parts }))) part += 1;
    if (part > parts) newest = Math.max(newest ?? 0, name.number);
  }
  return newest;
}

function idOf(number: number, snapshot: CatalogueKey["snapshot"]): string {
  return `${number} ${snapshot?.part ?? ""} ${snapshot?.parts ?? ""}`;
}
