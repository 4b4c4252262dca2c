import type { Socket } from "node:net";
import type { BodiesInFlight } from "./bodies-in-flight.ts";
import type { Faults } from "./faults.ts";
import type { AccessKey, StoreBehavior } from "./loopback-options.ts";
import type { LoggedRequest, RequestLog } from "./request-log.ts";
import type { Store } from "./store.ts";

/** Everything one running server holds. */
export interface ServerState {
  store: Store;
  behavior: StoreBehavior;
  region: string;
  accessKeys: AccessKey[];
  faults: Faults;
  log: RequestLog;
  bodies: BodiesInFlight;
  now: () => Date;
  /** The request each connection is busy with. */
  underWay: WeakMap<Socket, LoggedRequest>;
}
