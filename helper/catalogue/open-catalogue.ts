import type PQueue from "p-queue";
import type { Clock } from "../backup/clock.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { Destination } from "../state/files/destination.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { Catalogue, type CataloguedLedger } from "./catalogue.ts";
import { CatalogueSeries } from "./catalogue-series.ts";

interface OpenOptions {
  paths: StatePaths;
  destination: Destination;
  ledger: CataloguedLedger;
  clock: Clock;
  gate: DestinationGate;
  bodies: PQueue;
  openStore: () => Promise<ObjectStore>;
  /** A piece that could not be read and was not believed. */
  onDamaged: (key: string) => void;
}

/** The catalogue of one destination, for the holder of `helper.lock`. Throws what reading its state throws. */
export async function openCatalogue({ paths, destination, ...options }: OpenOptions): Promise<Catalogue> {
  const series = await CatalogueSeries.open({ paths, destination, clock: options.clock });
  // The ledger was lost: a snapshot of its successor must not stand for what only our earlier pieces tell.
  if (options.ledger.size === 0 && series.hasBegun) await series.beginAnew();
  const catalogue = new Catalogue({ ...options, series, prefix: destination.prefix });
  // A ledger that a power cut shortened may come to stand there again, with other records.
  if (!catalogue.isCurrent && series.state?.covered) await series.save({ covered: undefined });
  return catalogue;
}
