import type { CatalogueState } from "../state/files/catalogue-state.ts";

/** A ledger as far as it tells where it stands. */
export interface PositionedLedger {
  readonly size: number;
  readonly generation: number;
  readonly journalBytes: number;
  readonly entriesChangedAtBytes: number;
}

type Position = NonNullable<CatalogueState["covered"]>;

export function positionOf({ generation, journalBytes, size }: PositionedLedger): Position {
  return { generation, journalBytes, entries: size };
}

/** No entry changed since the ledger stood there. */
export function isAt(position: Position | undefined, ledger: PositionedLedger): boolean {
  if (!position) return false;
  const { generation, journalBytes, entries } = position;
  if (generation !== ledger.generation || entries !== ledger.size) return false;
  // A time or a failure that was recorded since then is nothing to the catalogue.
  return journalBytes <= ledger.journalBytes && ledger.entriesChangedAtBytes <= journalBytes;
}
