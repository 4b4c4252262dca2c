import { rmSync } from "node:fs";
import { Historian } from "./historian.ts";
import { killRun } from "./kill-run.ts";
import { PhotoRoll } from "./photo-roll.ts";
import { SimulatedMac } from "./simulated-mac.ts";
import { Weather } from "./weather.ts";

const hourMs = 3_600_000;

/** What happened in a life, for the survival figures. */
export interface LifeRecord {
  runs: number;
  runsStopped: number;
  kills: number;
  actions: Record<string, number>;
  photos: number;
  objects: number;
  /** Contents that lie in the bucket more than once. */
  sentTwice: number;
}

/** Some days of one person with one Mac, one bucket and bad luck. The same seed lives the same life. */
export class SimulatedLife {
  readonly mac: SimulatedMac;
  readonly record: LifeRecord = { runs: 0, runsStopped: 0, kills: 0, actions: {}, photos: 0, objects: 0, sentTwice: 0 };
  readonly historian: Historian;
  readonly #weather: Weather;
  readonly #pictures: PhotoRoll;
  readonly #camera: PhotoRoll;
  readonly #actions: [weight: number, name: string, act: () => void | Promise<unknown>][];

  private constructor(mac: SimulatedMac) {
    this.mac = mac;
    this.historian = new Historian(mac);
    const weather = (this.#weather = new Weather(mac));
    const roll = (this.#pictures = new PhotoRoll(mac.picturesDir, mac.random));
    this.#camera = new PhotoRoll(mac.folder("Camera").path, mac.random);
    this.#actions = [
      [16, "add photos", () => times(1 + Math.floor(mac.random() * 6), () => roll.add())],
      [3, "add photos to the other folder", () => this.#camera.add()],
      [6, "edit", () => roll.edit()],
      [2, "edit unseen", () => roll.editUnseen()],
      [4, "delete", () => roll.remove()],
      [4, "rename", () => roll.rename()],
      [1, "move a folder", () => roll.moveFolder()],
      [3, "duplicate", () => roll.duplicate()],
      [3, "damage", () => roll.damage()],
      [2, "mend", () => roll.mend()],
      [2, "network loss", () => weather.networkLoss()],
      [4, "flaky network", () => weather.flakyNetwork()],
      [3, "throttling", () => weather.throttling()],
      [2, "server errors", () => weather.serverErrors()],
      [1, "quota", () => weather.quota()],
      [1, "lost permission", () => weather.lostPermission()],
      [1, "captive portal", () => weather.captivePortal()],
      [2, "damaged on the way", () => weather.damagedOnTheWay()],
      [2, "kill -9", () => this.#kill()],
      [3, "SIGTERM", () => void (mac.stopAfterSteps = 1 + Math.floor(mac.random() * 8))],
      [2, "start anew", () => mac.quit()],
      [1, "pause", () => void (mac.isPaused = true)],
      [3, "resume", () => void (mac.isPaused = false)],
      [1, "another folder", () => void (mac.chosen = [mac.folder("Pictures"), mac.folder("Camera")])],
      [1, "one folder only", () => void (mac.chosen = [mac.folder("Pictures")])],
      [1, "another destination", () => this.#switchDestination()],
      [0.5, "the ledger is lost", () => this.#loseLedger()],
    ];
  }

  static async begin(seed: number): Promise<SimulatedLife> {
    return new SimulatedLife(await SimulatedMac.create(seed));
  }

  /** @throws Error naming the hour, the action before and every violated invariant */
  async live(days: number): Promise<void> {
    for (let hour = 0; hour < days * 24; hour += 1) {
      this.mac.s3.log.clear();
      this.#weather.pass();
      const done: string[] = [];
      // A quiet night, a busy day.
      const most = hour % 24 < 7 ? 1 : 3;
      for (let count = Math.floor(this.mac.random() * (most + 1)); count > 0; count -= 1) done.push(await this.#act());
      if (!this.mac.isPaused) await this.#run(`hour ${hour}, after ${done.join(", ") || "nothing"}`);
      this.mac.clock.advance(hourMs);
    }
  }

  /** Fair weather, everything mended: what must be whole now. @returns what is not */
  async settle(): Promise<string[]> {
    this.#weather.clear();
    this.mac.isPaused = false;
    this.mac.chosen = [this.mac.folder("Pictures"), this.mac.folder("Camera")];
    this.mac.retryAll = true;
    await this.#run("the first run in fair weather");
    await this.#run("the second run in fair weather");
    const left = await this.historian.notBackedUp(this.#rolls);
    this.record.photos = this.#rolls.reduce((sum, roll) => sum + roll.photos.length, 0);
    this.record.objects = this.historian.objectCount;
    this.record.sentTwice = this.historian.sentTwice().length;
    const unknown = await this.historian.notInBucketAlone(this.#rolls);
    if (unknown.length > 0) throw new Error(`invariant 11: the bucket alone does not give back ${unknown.join(", ")}`);
    const whole = left.filter((path) => !this.#rolls.some((roll) => roll.damaged.has(path)));
    const { ledger } = await this.mac.session();
    return whole.map((path) => `${path}: ${JSON.stringify(ledger.failure(path) ?? "not even a failure")}`);
  }

  get #rolls(): PhotoRoll[] {
    return [this.#pictures, this.#camera];
  }

  async #act(): Promise<string> {
    const weights = this.#actions.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.mac.random() * weights;
    for (const [weight, name, act] of this.#actions) {
      left -= weight;
      if (left >= 0) continue;
      await act();
      this.record.actions[name] = (this.record.actions[name] ?? 0) + 1;
      return name;
    }
    return "nothing";
  }

  async #run(when: string): Promise<void> {
    const beganAt = this.mac.clock.now();
    const end = await this.mac.run();
    this.record.runs += 1;
    if ("stoppedBy" in end) this.record.runsStopped += 1;
    const wrong = await this.historian.look(this.#chosenRolls, beganAt);
    if (this.mac.s3.maxConcurrentBodies > 1) wrong.push("two bodies were in flight at once");
    if (wrong.length > 0) throw new Error(`${when}: ${wrong.join("; ")}`);
  }

  get #chosenRolls(): PhotoRoll[] {
    return this.#rolls.filter((roll) => this.mac.chosen.some((folder) => folder.path === roll.dir));
  }

  async #loseLedger(): Promise<void> {
    await this.mac.quit();
    rmSync(this.mac.paths.ledger, { force: true });
    rmSync(this.mac.paths.journal, { force: true });
  }

  /** Amid an upload, or what use would it be. */
  async #kill(): Promise<void> {
    times(4, () => this.#pictures.add());
    if (await killRun(this.mac, 1 + Math.floor(this.mac.random() * 12))) this.record.kills += 1;
  }

  /** A second prefix of the same bucket, and back: nothing there counts here. */
  async #switchDestination(): Promise<void> {
    await this.mac.quit();
    this.mac.prefix = this.mac.prefix === "photos" ? "elsewhere" : "photos";
  }
}

function times(count: number, act: () => void): void {
  for (let done = 0; done < count; done += 1) act();
}
