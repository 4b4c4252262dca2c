import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { seededBytes } from "../../support/photos/seeded-random.ts";

/** What a person does with the files of a folder. The same random numbers do the same. */
export class PhotoRoll {
  readonly dir: string;
  readonly #random: () => number;
  #made = 0;
  /** Photos that were damaged on purpose, so that a backup must leave them out. */
  readonly damaged = new Set<string>();

  constructor(dir: string, random: () => number) {
    this.dir = dir;
    this.#random = random;
  }

  get photos(): string[] {
    return readdirSync(this.dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }

  add(): void {
    const name = this.#pick(["IMG.JPG", "Ünï cødé +%.heic", "clip.MOV", "edit.xmp", "raw.dng", "日本.png"]);
    const path = join(this.dir, `Roll ${this.#below(6)}`, `${this.#made} ${name}`);
    mkdirSync(dirname(path), { recursive: true });
    this.#write(path, this.#newBytes());
  }

  edit(): void {
    const path = this.#any();
    if (path) this.#write(path, this.#newBytes());
  }

  /** Other bytes under the same size and modification time; only inode or change time tell. */
  editUnseen(): void {
    const path = this.#any();
    if (!path) return;
    const { size, mtimeMs } = statSync(path);
    if (size === 0) return;
    this.#write(path, seededBytes(this.#next(), size));
    utimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
  }

  remove(): void {
    const path = this.#any();
    if (!path) return;
    this.damaged.delete(path);
    rmSync(path);
  }

  rename(): void {
    const path = this.#any();
    if (path) this.#move(path, join(dirname(path), `${this.#next()} renamed.jpg`));
  }

  moveFolder(): void {
    const folder = this.#pick(readdirSync(this.dir).filter((name) => statSync(join(this.dir, name)).isDirectory()));
    if (!folder) return;
    const moved = this.photos.filter((path) => path.startsWith(join(this.dir, folder) + "/"));
    const to = join(this.dir, `Album ${this.#next()}`);
    renameSync(join(this.dir, folder), to);
    for (const path of moved) {
      if (this.damaged.delete(path)) this.damaged.add(path.replace(join(this.dir, folder), to));
    }
  }

  duplicate(): void {
    const path = this.#any();
    if (!path || this.damaged.has(path)) return;
    copyFileSync(path, join(dirname(path), `${this.#next()} copy.jpg`));
  }

  damage(): void {
    const path = this.#any();
    if (!path) return;
    this.#write(path, this.#random() < 0.5 ? Buffer.alloc(0) : Buffer.alloc(statSync(path).size || 4_096));
    this.damaged.add(path);
  }

  mend(): void {
    for (const path of this.damaged) this.#write(path, this.#newBytes());
  }

  #write(path: string, bytes: Buffer): void {
    writeFileSync(path, bytes);
    // A time in whole seconds can be set again exactly.
    const seconds = Math.floor(Date.now() / 1000);
    utimesSync(path, seconds, seconds);
    this.damaged.delete(path);
  }

  #move(from: string, to: string): void {
    if (existsSync(to)) return;
    renameSync(from, to);
    if (this.damaged.delete(from)) this.damaged.add(to);
  }

  #any(): string | undefined {
    return this.#pick(this.photos);
  }

  #newBytes(): Buffer {
    // Every twelfth is a movie.
    const sizeBytes = this.#below(12) === 0 ? 130_000 + this.#below(250_000) : 200 + this.#below(6_000);
    return seededBytes(this.#next(), sizeBytes);
  }

  /** A number never given before, which a seed repeats. */
  #next(): number {
    this.#made += 1;
    return this.#made;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[this.#below(from.length)];
  }
}

/** The bytes of a photo now; undefined when it is gone. */
export function bytesOf(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
