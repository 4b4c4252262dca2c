/** One object of a catalogue, as its key names it. */
export interface CatalogueKey {
  macId: string;
  number: number;
  /** Set for a part of a snapshot; its parts have numbers one after another. */
  snapshot?: { part: number; parts: number };
}

const numberDigits = 12;
const name = /^([0-9a-f]{16})\/(\d{12})(?:\.snapshot-(\d+)-of-(\d+))?\.jsonl\.gz$/;

/** Under which all catalogues of a prefix lie. Labels never take this name, so no photo's key begins with it. */
export function catalogueRoot(prefix: string): string {
  return `${prefix === "" ? "" : `${prefix}/`}.photolala/`;
}

export function catalogueKey(prefix: string, { macId, number, snapshot }: CatalogueKey): string {
  const kind = snapshot ? `.snapshot-${snapshot.part}-of-${snapshot.parts}` : "";
  return `${catalogueRoot(prefix)}${macId}/${String(number).padStart(numberDigits, "0")}${kind}.jsonl.gz`;
}

/** Undefined for a key that is none of a catalogue's. */
export function parseCatalogueKey(prefix: string, key: string): CatalogueKey | undefined {
  const root = catalogueRoot(prefix);
  const parts = key.startsWith(root) ? name.exec(key.slice(root.length)) : null;
  if (!parts) return undefined;
  const [, macId = "", number, part, count] = parts;
  const snapshot = part && count ? { snapshot: { part: Number(part), parts: Number(count) } } : {};
  return { macId, number: Number(number), ...snapshot };
}
