import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { statePaths, type StatePaths } from "../../../helper/state/state-paths.ts";
import { generatePhotoFolder } from "../photos/generate-photos.ts";
import { updateSettings } from "../../../helper/state/files/settings-store.ts";
import type { Settings } from "../../../helper/state/files/settings.ts";
import type { Status } from "../../../helper/state/files/status.ts";
import type { E2eServer } from "./e2e-server.ts";
import { helperBundle } from "./helper-bundle.ts";
import { HelperProcess, type Ended } from "./helper-process.ts";
import { pooledPhotosMost, takePooledPhotos } from "./photo-pool.ts";
import { readJson } from "./read-state.ts";

export interface WorldOptions {
  server: Pick<E2eServer, "endpoint" | "region" | "accessKeyId" | "secretAccessKey">;
  bucket: string;
}

interface StartOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Runs as this user; root alone can. */
  uid?: number;
}

/** A computer of its own for one test: photos, state and logs in a temporary folder, and the helper's bundle to run. */
export class HelperWorld {
  readonly dir: string;
  readonly photosDir: string;
  readonly paths: StatePaths;
  bucket: string;
  readonly env: Record<string, string>;
  readonly #started: HelperProcess[] = [];
  readonly #bundle: string;

  private constructor(bundle: string, { server, bucket }: WorldOptions) {
    this.#bundle = bundle;
    this.bucket = bucket;
    this.dir = realpathSync(mkdtempSync(join(tmpdir(), "photolala-e2e-")));
    this.photosDir = join(this.dir, "Pictures");
    mkdirSync(this.photosDir);
    mkdirSync(join(this.dir, "home"));
    this.env = {
      PATH: "/usr/bin:/bin",
      HOME: join(this.dir, "home"),
      PHOTOLALA_STATE_DIR: join(this.dir, "state"),
      PHOTOLALA_LOG_DIR: join(this.dir, "logs"),
      PHOTOLALA_TOOLS_DIR: join(this.dir, "no-tools"),
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_REGION: server.region,
      AWS_ENDPOINT_URL: server.endpoint,
    };
    this.paths = statePaths({ env: this.env, platform: "linux", homeDir: this.env.HOME as string });
  }

  /** Everything of it is gone when the test has finished. */
  static async create(options: WorldOptions): Promise<HelperWorld> {
    const world = new HelperWorld(await helperBundle(), options);
    onTestFinished(() => world.#close());
    return world;
  }

  /** The options that name this world's bucket. */
  get destination(): string[] {
    return ["--bucket", this.bucket];
  }

  start(args: string[], { env, stdin, uid }: StartOptions = {}): HelperProcess {
    const command = [process.execPath, this.#bundle, ...args];
    const asUser = uid === undefined ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
    const [file, ...rest] = [...asUser, ...command] as [string, ...string[]];
    const helper = new HelperProcess({ file, args: rest, env: { ...this.env, ...env }, cwd: this.dir, stdin });
    this.#started.push(helper);
    return helper;
  }

  run(args: string[], options: StartOptions = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** `backup` of the photos folder with consent. */
  backUp(...more: string[]): Promise<Ended> {
    return this.run([...this.backUpArgs, ...more]);
  }

  get backUpArgs(): string[] {
    return ["backup", this.photosDir, ...this.destination, "--consent", "--json"];
  }

  /** Fills the photos folder; each has other bytes than the others. @returns their paths */
  async addPhotos(count: number, { approxBytes = 20_000, seed = 1, into = "" } = {}): Promise<string[]> {
    const dir = join(this.photosDir, into);
    const roll = join(dir, "Roll 1");
    const isPlain = approxBytes === 20_000 && seed === 1 && into === "" && !existsSync(roll);
    if (isPlain && count <= pooledPhotosMost && (await takePooledPhotos(roll, count))) {
      return readdirSync(roll)
        .sort()
        .map((name) => join(roll, name));
    }
    const names = await generatePhotoFolder(dir, { count, approxBytes, seed });
    return names.map((name) => join(dir, name));
  }

  /** Agrees to this world's bucket and chooses the photos folder, as a person does before the background backup. */
  async setUp(): Promise<void> {
    for (const args of [
      ["consent", ...this.destination],
      ["folders", "add", this.photosDir],
    ]) {
      const { code, stderr } = await this.run(args);
      if (code !== 0) throw new Error(stderr);
    }
  }

  changeSettings(change: (old: Settings) => Settings): Promise<Settings> {
    return updateSettings(this.paths, change);
  }

  /** What the helper last wrote of itself; undefined before that. */
  get status(): Status | undefined {
    return readJson<Status>(this.paths.status);
  }

  addFile(name: string, content: Buffer | string): string {
    const path = join(this.photosDir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Lets an ordinary user read the bundle and own the state, as root must before it runs the helper as them. */
  openTo({ uid }: { uid?: number }): void {
    if (uid === undefined) return;
    for (const folder of [this.dir, dirname(this.#bundle)]) chmodSync(folder, 0o755);
    for (const folder of [this.paths.stateDir, this.paths.logDir, this.env.HOME as string]) {
      mkdirSync(folder, { recursive: true });
      chownSync(folder, uid, uid);
    }
  }

  async #close(): Promise<void> {
    for (const helper of this.#started) if (helper.isRunning) await helper.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }
}
