import { compareUtf8 } from "./compare-utf8.ts";
import type { MultipartUpload, StoredObject } from "./stored-object.ts";

/** One bucket's objects and unfinished uploads. Every change is one synchronous step: an object is there whole or not. */
export class Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly uploads = new Map<string, MultipartUpload>();
  /** What was answered to each completed upload, for stores that answer it again. */
  readonly completed = new Map<string, { status: number; body: string }>();
  readonly #objects = new Map<string, StoredObject>();
  #sortedKeys: string[] | undefined = [];

  constructor(name: string, region: string, createdAt: Date) {
    this.name = name;
    this.region = region;
    this.createdAt = createdAt;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Stores the object and returns the one it replaced, if any. */
  put(object: StoredObject): StoredObject | undefined {
    const replaced = this.#objects.get(object.key);
    if (!replaced) this.#sortedKeys = undefined;
    this.#objects.set(object.key, object);
    return replaced;
  }

  delete(key: string): StoredObject | undefined {
    const removed = this.#objects.get(key);
    if (this.#objects.delete(key)) this.#sortedKeys = undefined;
    return removed;
  }

  /** Keys in the order of their UTF-8 bytes. */
  sortedKeys(): readonly string[] {
    this.#sortedKeys ??= [...this.#objects.keys()].sort(compareUtf8);
    return this.#sortedKeys;
  }

  sortedObjects(): StoredObject[] {
    return this.sortedKeys().flatMap((key) => this.#objects.get(key) ?? []);
  }
}
