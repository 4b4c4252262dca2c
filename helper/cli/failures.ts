import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { reasons, type ReasonCode } from "../state/errors/reasons.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { readFailures } from "../state/files/failures-store.ts";
import type { Failure } from "../state/files/failures.ts";
import { writeRequest } from "../state/files/request-store.ts";
import { readStatus } from "../state/files/status-store.ts";
import { readConflicts, type ResolvedConflict } from "../state/ledger/read-conflicts.ts";
import { readJournaledFailures } from "../state/ledger/read-journaled-failures.ts";
import type { CliContext } from "./cli-context.ts";
import { report, type CommandResult } from "./report.ts";
import { UsageError } from "./usage-error.ts";

interface PageOptions {
  page: number;
  pageSize: number;
  json?: boolean;
}

interface RetryOptions {
  anyway?: boolean;
  json?: boolean;
}

const [photosAPage, photosAPageMost] = [100, 5_000];

export function addFailuresCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const failures = program.command("failures").description("which photos are not backed up, why, and what mends it");
  failures
    .command("list", { isDefault: true })
    .description("show them, a page at a time")
    .option("--page <number>", "which page", pageNumber, 1)
    .option("--page-size <number>", `photos a page, up to ${photosAPageMost}`, pageSize, photosAPage)
    .option("--json", "print one JSON object instead of words")
    .action(async (options: PageOptions) => exit(await report(context, options, () => list(options, context))));
  failures
    .command("retry")
    .description("try photos again; without any, all that failed")
    .argument("[photos...]")
    .option("--anyway", "back up these photos although they look broken")
    .option("--json", "print one JSON object instead of words")
    .action(async (photos: string[], options: RetryOptions) =>
      exit(await report(context, options, () => retry(photos, options, context))),
    );
}

function pageNumber(given: string): number {
  const page = Number(given);
  if (Number.isInteger(page) && page >= 1) return page;
  throw new InvalidArgumentError("It takes a whole number from 1.");
}

function pageSize(given: string): number {
  const size = Number(given);
  if (Number.isInteger(size) && size >= 1 && size <= photosAPageMost) return size;
  throw new InvalidArgumentError(`It takes a whole number from 1 to ${photosAPageMost}.`);
}

async function list({ page, pageSize }: PageOptions, context: CliContext): Promise<CommandResult> {
  const causes = (await readFailures(context.paths))?.causes ?? [];
  const all = await readJournaledFailures(context.paths);
  const conflicts = await readConflicts(context.paths);
  const pages = Math.max(1, Math.ceil(Math.max(all.length, conflicts.length) / pageSize));
  const ofPage = <T>(entries: T[]) => entries.slice((page - 1) * pageSize, page * pageSize);
  const photos = ofPage(all).map(([path, failure]) => ({ path, ...failure }));
  const lines = [
    ...causes.map((cause) => `${cause.folder ?? "The whole backup"}\n  ${reasonWords(cause)}`),
    ...photos.map((photo) => `${photo.path}\n  ${reasonWords(photo)}${attemptWords(photo)}`),
  ];
  const hasRun = (await readStatus(context.paths)) !== undefined;
  if (all.length + causes.length === 0)
    lines.push(
      hasRun ? "Nothing failed and nothing was left for later." : "No backup has run yet, so nothing could fail.",
    );
  if (page > pages) throw new UsageError(`There is no page ${page}, only ${pages}.`, "See the first with `failures`.");
  lines.push(...conflictLines(ofPage(conflicts)));
  if (pages > 1) lines.push("", pageWords({ page, pages, photos: all.length, conflicts: conflicts.length }));
  const shown = { conflictsTotal: conflicts.length, conflicts: ofPage(conflicts) };
  return { json: { total: all.length, page, pages, causes, photos, ...shown }, words: lines.join("\n") };
}

/** Nothing is lost there and nothing to do: they stand behind what failed. */
function conflictLines(conflicts: ResolvedConflict[]): string[] {
  if (conflicts.length === 0) return [];
  return [
    "",
    "Resolved conflicts: something else had these photos' names in the bucket. Both are kept, there is nothing to do.",
    ...conflicts.map(
      ({ path, s3Key, conflictsWith }) => `${path}\n  is ${s3Key}\n  beside ${conflictsWith.join(", ")}`,
    ),
  ];
}

function pageWords({
  page,
  pages,
  photos,
  conflicts,
}: Record<"page" | "pages" | "photos" | "conflicts", number>): string {
  const number = (value: number) => value.toLocaleString("en-US");
  const parts = [
    ...(photos > 0 ? [`${number(photos)} ${photos === 1 ? "photo" : "photos"} not backed up`] : []),
    ...(conflicts > 0 ? [`${number(conflicts)} resolved ${conflicts === 1 ? "conflict" : "conflicts"}`] : []),
  ];
  return `Page ${page} of ${pages}: ${parts.join(", ")}; see the others with --page.`;
}

function reasonWords({ code, detail }: { code: string; detail?: string | undefined }): string {
  const reason = reasons[code as ReasonCode] ?? reasons.unknown;
  return `${reason.title}: ${reason.what}${detail ? ` (${detail})` : ""} ${reason.mend}`;
}

function attemptWords({ attempts, nextTryAt }: Failure): string {
  const next = nextTryAt ? `; next try ${nextTryAt}` : "";
  const tried = attempts === 0 ? "not tried" : attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return `\n  ${tried}${next}`;
}

async function retry(photos: string[], options: RetryOptions, context: CliContext): Promise<CommandResult> {
  await ensureStateDirs(context.paths);
  const paths = photos.map((photo) => spelledAsScanned(resolve(context.cwd, photo)));
  if (options.anyway && paths.length === 0) {
    throw new UsageError("--anyway needs to know which photos.", "Name them; `failures` lists them.");
  }
  await refuseUnknown(paths, context);
  if (options.anyway) await writeRequest(context.paths, { kind: "back-up-anyway", paths });
  else if (paths.length > 0) await writeRequest(context.paths, { kind: "retry", paths });
  else await writeRequest(context.paths, { kind: "retry-all" });
  const words = "Asked for. The background helper takes it up at once; without one, the next `backup` does.";
  return { json: { requested: paths.length > 0 ? paths : "all" }, words };
}

/** A slip of the fingers must not look like a wish that was heard. */
async function refuseUnknown(paths: string[], context: CliContext): Promise<void> {
  const known = new Set((await readJournaledFailures(context.paths)).map(([path]) => path));
  const unknown = paths.find((path) => !known.has(path));
  if (unknown) throw new UsageError(`${unknown} is not among the failures.`, "See them with `failures`.");
}

/** A scan knows photos by their folder's real path; the photo itself may be gone. */
function spelledAsScanned(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
