import type { FaultRequest } from "../../support/loopback-s3/faults.ts";
import type { SimulatedMac } from "./simulated-mac.ts";

/** What a network and a store do to an honest program. Each clears up by itself after some hours, or with its last shot. */
export class Weather {
  readonly #mac: SimulatedMac;
  #stormyUntil = 0;

  constructor(mac: SimulatedMac) {
    this.#mac = mac;
  }

  /** To be called every hour. */
  pass(): void {
    if (this.#mac.clock.now() >= this.#stormyUntil) this.clear();
  }

  clear(): void {
    this.#mac.s3.faults.clear();
    for (const key of this.#mac.s3.accessKeys) key.deniedActions = [];
  }

  networkLoss(): void {
    this.#storm({ kind: this.#either("cut-before-store", "cut-after-store"), times: Infinity });
  }

  flakyNetwork(): void {
    for (let shot = 0; shot < 6; shot += 1) {
      const nth = 1 + Math.floor(this.#mac.random() * 12);
      const kind = this.#either("cut-before-store", "cut-after-store");
      this.#mac.s3.faults.add({ kind, match: { nth } });
    }
  }

  throttling(): void {
    const code = this.#either("SlowDown", "ServerBusy");
    const retryAfter = this.#either(2, new Date(this.#mac.clock.now() + 120_000));
    this.#mac.s3.faults.add({ kind: "status", status: 503, code, retryAfter, times: 5 });
  }

  serverErrors(): void {
    this.#mac.s3.faults.add({ kind: "status", status: 500, code: "InternalError", times: 8 });
  }

  quota(): void {
    this.#storm({
      ...{ kind: "status", status: 507, code: "XMinioStorageFull" },
      ...{ match: { operation: "PutObject" }, times: Infinity },
    });
  }

  lostPermission(): void {
    for (const key of this.#mac.s3.accessKeys) key.deniedActions = [this.#either("s3:PutObject", "s3:GetObject")];
    this.#lastForHours(8);
  }

  captivePortal(): void {
    this.#storm({ kind: "html-answer", times: Infinity });
  }

  damagedOnTheWay(): void {
    this.#mac.s3.faults.add({ kind: "wrong-etag", match: { operation: "PutObject" }, times: 2 });
    this.#mac.s3.faults.add({ kind: "status", status: 400, code: "BadDigest", match: { operation: "PutObject" } });
  }

  #storm(fault: FaultRequest): void {
    this.#mac.s3.faults.add(fault);
    this.#lastForHours(12);
  }

  #lastForHours(most: number): void {
    this.#stormyUntil = this.#mac.clock.now() + (1 + this.#mac.random() * (most - 1)) * 3_600_000;
  }

  #either<A, B>(one: A, other: B): A | B {
    return this.#mac.random() < 0.5 ? one : other;
  }
}
