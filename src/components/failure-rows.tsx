import { List } from "@raycast/api";
import { basename, dirname } from "node:path";
import type { FailuresFile } from "../../helper/state/files/failures.ts";
import { icons, toneIcons } from "../palette.ts";
import { countOf, number } from "../words/count-of.ts";
import { problemWords, reasonProblem } from "../words/problem.ts";
import { timeAgo, timeUntil } from "../words/time-ago.ts";
import { FailureActions } from "./failure-actions.tsx";

type Cause = FailuresFile["causes"][number];
type PhotoFailure = FailuresFile["photos"][number];

interface FailureRowsProps {
  file: FailuresFile;
  /** Photos that the file has no room for. */
  others: readonly PhotoFailure[];
  isAlive: boolean;
  nowMs: number;
}

/** What holds a folder or the whole run comes first: mending it mends the photos below. */
export function FailureRows({ file, others, isAlive, nowMs }: FailureRowsProps) {
  const causes = [...file.causes].sort((a, b) => Number(a.folder !== undefined) - Number(b.folder !== undefined));
  const photos = [...file.photos, ...others];
  const more = file.total - photos.length;
  const asOf = isAlive ? "" : `as of ${timeAgo(file.updatedAt, nowMs)}, the helper is not running`;
  return (
    <>
      <List.Section title="Holding Up the Backup" subtitle={asOf}>
        {causes.map((cause) => (
          <CauseRow key={`${cause.code} ${cause.folder ?? ""}`} cause={cause} nowMs={nowMs} />
        ))}
      </List.Section>
      <List.Section title={`${countOf(file.total, "Photo")} Not Backed Up`} subtitle={asOf}>
        {photos.map((photo) => (
          <PhotoRow key={photo.path} photo={photo} isAlive={isAlive} nowMs={nowMs} />
        ))}
        {more > 0 && (
          <List.Item
            icon={icons.more}
            title={`${number(more)} more`}
            subtitle={totalsWords(file.totalsByCode)}
            actions={<FailureActions code="unknown" details={JSON.stringify(file.totalsByCode, null, 2)} />}
          />
        )}
      </List.Section>
    </>
  );
}

function CauseRow({ cause, nowMs }: { cause: Cause; nowMs: number }) {
  const { code, detail, folder, photos, since } = cause;
  const { title, what, mend } = reasonProblem(code, detail);
  const photoWords = photos > 0 ? countOf(photos, "photo") : "";
  return (
    <List.Item
      icon={toneIcons.attention}
      title={folder ? `${basename(folder)}: ${title}` : title}
      subtitle={`${what} ${mend}`}
      keywords={[code, ...(folder ? [folder] : [])]}
      accessories={[...(photoWords ? [{ text: photoWords }] : []), { text: `since ${timeAgo(since, nowMs)}` }]}
      actions={<FailureActions code={code} path={folder} isFolder details={JSON.stringify(cause, null, 2)} />}
    />
  );
}

function PhotoRow({ photo, isAlive, nowMs }: { photo: PhotoFailure; isAlive: boolean; nowMs: number }) {
  const { code, detail, path, kind } = photo;
  const problem = reasonProblem(code, detail);
  const { title } = problem;
  return (
    <List.Item
      icon={kind === "failed" ? toneIcons.attention : toneIcons.waiting}
      title={basename(path)}
      subtitle={`${title}: ${problemWords(problem)}`}
      keywords={[code, title, dirname(path)]}
      accessories={[{ text: attemptWords(photo, isAlive, nowMs), tooltip: path }]}
      actions={<FailureActions code={code} path={path} details={JSON.stringify(photo, null, 2)} />}
    />
  );
}

function attemptWords({ kind, attempts, lastAt, nextTryAt }: PhotoFailure, isAlive: boolean, nowMs: number): string {
  const tried = attempts > 0 ? `tried ${attempts === 1 ? "once" : `${attempts} times`}` : "not tried";
  const last = kind === "failed" ? `, ${timeAgo(lastAt, nowMs)}` : "";
  const next = nextTryAt && isAlive ? `, next ${timeUntil(nextTryAt, nowMs)}` : "";
  return `${tried}${last}${next}`;
}

function totalsWords(totalsByCode: Record<string, number>): string {
  return Object.entries(totalsByCode)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `${number(count)} ${reasonProblem(code).title}`)
    .join(", ");
}
