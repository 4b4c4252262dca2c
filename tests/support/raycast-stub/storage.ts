import { raycast } from "./recorder.ts";

export const LocalStorage = {
  async getItem(name: string): Promise<string | undefined> {
    return raycast.localStorage.get(name);
  },
  async setItem(name: string, value: unknown): Promise<void> {
    raycast.localStorage.set(name, String(value));
  },
  async removeItem(name: string): Promise<void> {
    raycast.localStorage.delete(name);
  },
  async allItems(): Promise<Record<string, string>> {
    return Object.fromEntries(raycast.localStorage);
  },
  async clear(): Promise<void> {
    raycast.localStorage.clear();
  },
};

/** As Raycast's: one store a namespace, shared by all instances, with subscribers. */
export class Cache {
  static #subscribers = new Set<(key: string | undefined, data: string | undefined) => void>();
  #namespace: string;

  constructor(options: { namespace?: string } = {}) {
    this.#namespace = options.namespace ?? "";
  }

  get(key: string): string | undefined {
    return raycast.cache.get(`${this.#namespace}:${key}`);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, data: string): void {
    raycast.cache.set(`${this.#namespace}:${key}`, data);
    for (const subscriber of Cache.#subscribers) subscriber(key, data);
  }

  remove(key: string): boolean {
    return raycast.cache.delete(`${this.#namespace}:${key}`);
  }

  clear(): void {
    raycast.cache.clear();
  }

  subscribe(subscriber: (key: string | undefined, data: string | undefined) => void): () => void {
    Cache.#subscribers.add(subscriber);
    return () => Cache.#subscribers.delete(subscriber);
  }
}
