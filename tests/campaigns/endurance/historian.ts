import { createHash } from "node:crypto";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import { pathsInBucketAlone } from "./bucket-alone.ts";
import { bytesOf, type PhotoRoll } from "./photo-roll.ts";
import { bucket, type SimulatedMac } from "./simulated-mac.ts";

/** Where the program's own files are, below a prefix. */
const ownKeys = "/.photolala/";

/** Remembers everything the bucket ever held and the ledger ever claimed, and finds what an invariant forbids. */
export class Historian {
  readonly #mac: SimulatedMac;
  /** Key to the sha256 it was first seen with. */
  readonly #objects = new Map<string, string>();

  constructor(mac: SimulatedMac) {
    this.#mac = mac;
  }

  get objectCount(): number {
    return this.#objects.size;
  }

  /** After a run that began then: what went wrong, in words; empty when all is well. */
  async look(rolls: readonly PhotoRoll[], runBeganAt: number): Promise<string[]> {
    const objects = await this.#objectsNow();
    const wrong = this.#overwritten(objects);
    const { ledger } = await this.#mac.session();
    for (const [path, entry] of ledger.entries()) wrong.push(...falseClaims(path, entry, objects));
    if (ledger.lastBackup !== undefined && Date.parse(ledger.lastBackup) >= runBeganAt) {
      const missing = await this.notBackedUp(rolls);
      wrong.push(...missing.map((path) => `"all backed up" was said without ${path}`));
    }
    return wrong;
  }

  /** Photos on disk, whole ones and damaged ones alike, whose very bytes the ledger does not prove to be in the bucket. */
  async notBackedUp(rolls: readonly PhotoRoll[]): Promise<string[]> {
    const { ledger } = await this.#mac.session();
    const paths = rolls.flatMap((roll) => roll.photos);
    return paths.filter((path) => {
      const bytes = bytesOf(path);
      return bytes && ledger.get(path)?.sha256 !== sha256Of(bytes);
    });
  }

  /** Invariant 11: photos on disk that somebody with nothing but the bucket would not get back under their path. */
  async notInBucketAlone(rolls: readonly PhotoRoll[]): Promise<string[]> {
    const known = await pathsInBucketAlone(this.#mac);
    const objects = await this.#objectsNow();
    return rolls
      .flatMap((roll) => roll.photos.filter((path) => !roll.damaged.has(path)))
      .filter((path) => objects.get(known.get(path)?.key ?? "") !== sha256Of(bytesOf(path) as Buffer));
  }

  /** Invariant 3: what was there once is there for good, with the same bytes. */
  #overwritten(objects: Map<string, string>): string[] {
    const wrong: string[] = [];
    for (const [key, sha256] of this.#objects) {
      const now = objects.get(key);
      if (now !== sha256) wrong.push(`${key} was ${now === undefined ? "deleted" : "overwritten"}`);
    }
    for (const [key, sha256] of objects) this.#objects.set(key, this.#objects.get(key) ?? sha256);
    return wrong;
  }

  async #objectsNow(): Promise<Map<string, string>> {
    const { s3 } = this.#mac;
    const found = new Map<string, string>();
    for (const { key, sha256 } of s3.objects(bucket)) {
      found.set(key, sha256 ?? this.#objects.get(key) ?? sha256Of(await s3.readObject(bucket, key)));
    }
    return found;
  }

  /** Copies of one content under several keys of a destination: bytes that were sent twice. */
  sentTwice(): string[] {
    const byContent = new Map<string, string[]>();
    for (const [key, sha256] of this.#objects) {
      if (key.includes(ownKeys)) continue;
      // Another prefix is another destination, which has everything for itself.
      const content = `${key.split("/")[0]} ${sha256}`;
      byContent.set(content, [...(byContent.get(content) ?? []), key]);
    }
    return [...byContent.values()].filter((keys) => keys.length > 1).map((keys) => keys.join(" = "));
  }
}

/** Invariants 1 and 4: an entry, and every earlier version it names, has its object with its bytes. */
function falseClaims(path: string, entry: LedgerEntry, objects: Map<string, string>): string[] {
  return [entry, ...(entry.previous ?? [])]
    .filter(({ s3Key, sha256 }) => objects.get(s3Key) !== sha256)
    .map(({ s3Key }) => `the ledger claims ${path} as ${s3Key}, which the bucket does not have so`);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
