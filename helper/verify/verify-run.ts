import { ListingGuard } from "../backup/listing-guard.ts";
import type { ListedObject } from "../backup/object-listing.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { chooseSome, isInSample } from "./choose-sample.ts";
import { compareHead, isAsListed, type Verdict } from "./compare-object.ts";
import { confirmLoss } from "./confirm-loss.ts";
import type { ExpectedObject } from "./expected-object.ts";
import { inParallel } from "./in-parallel.ts";
import { readVerdict } from "./read-verdict.ts";
import type { VerifyOptions, VerifyProgress } from "./verify-options.ts";
import type { ReadSummary, VerifyMethod, VerifySummary } from "./verify-summary.ts";

/** Questions or downloads at the same time. */
const atOnce = 4;

/** HEADs between two moments at which a caller may do something else. */
const headsAStep = 40;

/** Compares the bucket with what the ledger says is in it. It changes nothing, neither there nor here. */
export class VerifyRun {
  readonly #options: VerifyOptions;
  readonly #verdicts = new Map<string, Verdict>();
  #method: VerifyMethod = "listing";
  #extra = 0;
  #refused = 0;
  #read: Pick<ReadSummary, "objects" | "proved" | "bytes"> | undefined;

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  /**
   * Goes through the bucket in steps of a few seconds: whoever has something more urgent does it in between. Nothing is
   * known of what it has not come to.
   * @throws BackupError what keeps the bucket from being asked
   */
  async *steps(): AsyncGenerator<void> {
    const open = new Set<string>();
    for (const [key, { isCondemned }] of this.#options.expected) {
      if (isCondemned) this.#verdicts.set(key, "changed");
      else open.add(key);
    }
    if (this.#options.isListed) yield* this.#list(open);
    else this.#method = "heads";
    yield* this.#ask(open);
    yield* this.#confirmLosses();
    if (this.#options.readPercent > 0) yield* this.#readBack();
  }

  /** What is known so far; only after the last step is it of all. */
  get summary(): VerifySummary {
    const { expected, photos, readPercent, seed } = this.#options;
    const counts = { present: 0, missing: 0, changed: 0, unproved: 0 };
    const findings: VerifySummary["findings"] = [];
    for (const [key, verdict] of this.#verdicts) {
      counts[verdict] += 1;
      if (verdict === "present") continue;
      const { paths, isEarlier } = this.#expected(key);
      findings.push({ key, verdict, paths, isEarlier });
    }
    // Answers come in any order.
    findings.sort((a, b) => (a.key < b.key ? -1 : 1));
    let bytes = 0;
    for (const { sizeBytes } of expected.values()) bytes += sizeBytes;
    return {
      method: this.#method,
      photos,
      objects: expected.size,
      bytes,
      ...counts,
      notAsked: expected.size - this.#verdicts.size,
      extra: this.#extra,
      ...(this.#read ? { read: { percent: readPercent, seed, ...this.#read } } : {}),
      findings,
    };
  }

  #expected(key: string): ExpectedObject {
    return this.#options.expected.get(key) as ExpectedObject;
  }

  async *#list(open: Set<string>): AsyncGenerator<void> {
    const { store, gate, prefix, signal, expected } = this.#options;
    const under = prefix === "" ? "" : `${prefix}/`;
    const guard = new ListingGuard();
    let continuation: string | undefined;
    do {
      const at = continuation;
      const page = await gate
        .run(() => store.list(under, at, signal), signal)
        .catch((error: unknown) => {
          if (at !== undefined || !isDenied(error)) throw error;
          this.#method = "heads";
          return undefined;
        });
      if (!page) return;
      for (const listed of page.objects) this.#listed(listed, open);
      this.#tell({ phase: "listing", total: expected.size, done: this.#verdicts.size });
      // Pages that lead back to themselves would be read for ever.
      if ((page.continuation !== undefined && page.continuation === at) || !guard.leadsOn(page)) {
        throw new BackupError("not-s3", { detail: "a listing without its end" });
      }
      continuation = page.continuation;
      yield;
    } while (continuation !== undefined);
  }

  #listed(listed: ListedObject, open: Set<string>): void {
    const expected = this.#options.expected.get(listed.key);
    if (!expected) {
      if (!this.#options.isKnown(listed.key) && !isOurs(listed.key, this.#options.prefix)) this.#extra += 1;
    } else if (open.has(listed.key) && isAsListed(expected, listed)) {
      open.delete(listed.key);
      this.#verdicts.set(listed.key, "present");
    }
  }

  /** What the listing left open: some stores keep objects below a key that is itself an object out of it. */
  async *#ask(open: Set<string>): AsyncGenerator<void> {
    const { headsMost, seed } = this.#options;
    let keys = [...open];
    if (this.#method === "heads" && keys.length > headsMost) {
      this.#method = "sample";
      keys = chooseSome(keys, headsMost, seed);
    }
    let refusal: unknown;
    for (let start = 0; start < keys.length; start += headsAStep) {
      const some = keys.slice(start, start + headsAStep);
      await inParallel(some, atOnce, async (key) => {
        const verdict = await this.#head(key).catch((error: unknown) => {
          // Without the right to list, S3 says of a missing object only that it may not be seen.
          if (this.#method === "listing" || !isDenied(error)) throw error;
          this.#refused += 1;
          refusal = error;
          return "unproved" as const;
        });
        this.#verdicts.set(key, verdict);
      });
      this.#tell({ phase: "asking", total: keys.length, done: start + some.length });
      yield;
    }
    if (this.#refused > 0 && this.#refused === keys.length) throw refusal;
  }

  async #head(key: string): Promise<Verdict> {
    const { store, gate, signal } = this.#options;
    return compareHead(this.#expected(key), await gate.run(() => store.head(key, signal), signal));
  }

  /**
   * The answer to a HEAD has no words, and may have been anybody's, a network's that wanted a sign-in just then. Before
   * anything is called missing or changed, the bucket itself must show that it is there, and say it of each once more.
   */
  async *#confirmLosses(): AsyncGenerator<void> {
    const { store, gate, signal } = this.#options;
    const isLost = (verdict: Verdict) => verdict === "missing" || verdict === "changed";
    const asked = [...this.#verdicts].filter(([key, verdict]) => isLost(verdict) && !this.#expected(key).isCondemned);
    if (asked.length === 0) return;
    try {
      await gate.run(() => store.checkBucket(signal), signal);
    } catch (error) {
      // A key that may not list is no reason to doubt an answer about one object.
      const isUnlistable = error instanceof BackupError && error.code === "permission-denied";
      if (this.#method === "listing" || !isUnlistable) throw error;
    }
    for (let start = 0; start < asked.length; start += headsAStep) {
      const some = asked.slice(start, start + headsAStep);
      await inParallel(some, atOnce, async ([key, verdict]) => {
        const confirmed = await confirmLoss(this.#expected(key), verdict, this.#options);
        this.#verdicts.set(key, confirmed);
      });
      yield;
    }
  }

  async *#readBack(): AsyncGenerator<void> {
    const { expected, readPercent, seed } = this.#options;
    const read = { objects: 0, proved: 0, bytes: 0 };
    this.#read = read;
    const isThere = (key: string) => ["present", "unproved"].includes(this.#verdicts.get(key) ?? "unproved");
    const isChosen = ({ key, sha256 }: ExpectedObject) =>
      sha256 !== undefined && isInSample(key, readPercent, seed) && isThere(key);
    const chosen = [...expected.values()].filter(isChosen);
    const total = { total: chosen.length, bytesTotal: chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
    this.#tell({ phase: "reading", ...total, done: 0 });
    for (let start = 0; start < chosen.length; start += atOnce) {
      await inParallel(chosen.slice(start, start + atOnce), atOnce, async (object) => {
        const verdict = await readVerdict(object, this.#options);
        if (verdict !== "unproved") read.objects += 1;
        if (verdict === "present") {
          read.proved += 1;
          read.bytes += object.sizeBytes;
        }
        this.#verdicts.set(object.key, verdict);
        this.#tell({ phase: "reading", ...total, done: read.objects, bytesDone: read.bytes });
      });
      yield;
    }
  }

  #tell(progress: Partial<VerifyProgress> & Pick<VerifyProgress, "phase" | "total" | "done">): void {
    this.#options.onProgress?.({ bytesTotal: 0, bytesDone: 0, ...progress });
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof BackupError && error.code === "permission-denied";
}

/** Our catalogue lies beside the photos. */
function isOurs(key: string, prefix: string): boolean {
  return key.startsWith(`${prefix === "" ? "" : `${prefix}/`}.photolala/`);
}
