import { describe, expect, test } from "vitest";
import { DestinationGate, type Outage } from "../../../helper/backup/destination-gate.ts";
import { tellPerson } from "../../../helper/daemon/tell-person.ts";
import type { RunSummary } from "../../../helper/backup/run-summary.ts";
import type { ProviderId } from "../../../helper/probe/provider-profile.ts";
import { providerProfiles } from "../../../helper/probe/provider-profiles.ts";
import type { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { emptySettings } from "../../../helper/state/files/settings.ts";
import { bucket, engineBench, sha256Of } from "../../support/engine/engine-bench.ts";
import { awsBehavior, type StoreBehavior } from "../../support/loopback-s3/loopback-options.ts";
import type { OperationName } from "../../support/loopback-s3/classify-operation.ts";
import { personaOf } from "../../support/loopback-s3/personas.ts";
import { seededBytes } from "../../support/photos/seeded-random.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const ids = Object.keys(providerProfiles) as ProviderId[];

/** A service as it is played, three photos there, three more and a movie still to come. */
async function benchAt(id: ProviderId) {
  const bench = await engineBench({ behavior: { ...personaOf(id), minPartBytes: 32 * kib } });
  const contents = new Map<string, string>();
  const add = (name: string, content: Uint8Array | string) => {
    bench.photo(name, content);
    contents.set(name, sha256Of(content));
  };
  for (const name of ["a.jpg", "b.jpg", "c.jpg"]) add(name, `bytes of ${name}`);
  expect(await bench.run({ largeFiles })).toMatchObject({ uploaded: 3 });
  bench.s3.log.clear();
  for (const name of ["d.jpg", "e.jpg", "f.jpg"]) add(name, `bytes of ${name}`);
  add("movie.mov", seededBytes(3, 100 * kib));
  const told: string[] = [];
  const notifier = { notify: async ({ key }: { key: string }) => void told.push(key), settle: async () => undefined };
  /** As the daemon does it. @returns what stopped the run */
  const runAndTell = async (patienceMs: number) => {
    const outages: (Outage | undefined)[] = [];
    const onChange = (outage: Outage | undefined) => void outages.push(outage);
    const gate = new DestinationGate({ clock: bench.clock, random: () => 0, patienceMs, onChange });
    const news = await bench.run({ largeFiles, gate }).then(
      (summary) => ({ summary }),
      (error: unknown) => ({ error: error as BackupError }),
    );
    await tellPerson(notifier, emptySettings, news);
    const { error, summary }: { error?: BackupError; summary?: RunSummary } = news;
    return { error, summary, outages };
  };
  const expectAllThere = async () => {
    for (const [name, sha256] of contents) expect(await bench.stored(name), name).toBe(sha256);
    expect(bench.s3.objects(bucket)).toHaveLength(contents.size);
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
    expect(bench.ledger.lastBackup).toBeDefined();
  };
  const requestsOf = (operation: OperationName) =>
    bench.s3.requests.filter((request) => request.operation === operation);
  return { ...bench, told, runAndTell, expectAllThere, requestsOf };
}

type Answer = StoreBehavior["quotaAnswer"];

/** How it says that it is full: as it is played, and as the declared table has it. */
function quotaAnswersOf(id: ProviderId): Answer[] {
  const declared = providerProfiles[id].quotaSignals.value.map(({ status, code, words }) => ({
    ...{ status, code },
    message: words ? `Something ${words} somewhere.` : "No more",
  }));
  return [personaOf(id).quotaAnswer ?? awsBehavior.quotaAnswer, ...declared];
}

const quotaCases = ids.flatMap((id) => quotaAnswersOf(id).map((answer) => [id, answer] as const));

describe("a bucket that is full", () => {
  test.each(quotaCases)("%s, %o: stops all, is told once, and goes on when there is room", async (id, answer) => {
    const bench = await benchAt(id);
    Object.assign(bench.s3.behavior, { quotaAnswer: answer, isFull: true });
    // SeaweedFS says nothing but "denied".
    const isAmbiguous = id === "seaweedfs";
    for (let run = 1; run <= 3; run += 1) {
      bench.s3.log.clear();
      const { error } = await bench.runAndTell(300_000);
      expect(error?.code).toBe(isAmbiguous ? "permission-denied" : "quota-exceeded");
      if (isAmbiguous) expect(error?.detail).toContain("storage full, or s3:PutObject is missing");
      expect(error?.reason.scope).toBe("destination");
      const refused = bench.requestsOf("PutObject").filter(({ status }) => status !== 200);
      expect(refused.length, "the photos behind it are not tried").toBe(1);
      expect([...bench.ledger.failures()], "nothing is a photo's own fault").toEqual([]);
    }
    expect(new Set(bench.told).size).toBe(1);
    Object.assign(bench.s3.behavior, { isFull: false });
    const { summary } = await bench.runAndTell(300_000);
    expect(summary).toMatchObject({ uploaded: 4, failed: 0, conflicts: 0 });
    await bench.expectAllThere();
  });
});

describe("a bucket that is full amid a movie", () => {
  test.each(quotaCases)("%s, %o: goes on with the parts that are there", async (id, answer) => {
    const bench = await benchAt(id);
    const { status, code, message } = answer;
    const fault = { kind: "status", status, code, message } as const;
    bench.s3.faults.add({ ...fault, match: { operation: "UploadPart", nth: 3 } });
    const { error } = await bench.runAndTell(300_000);
    expect(error?.code).toBe(id === "seaweedfs" ? "permission-denied" : "quota-exceeded");
    bench.s3.faults.assertAllFired();
    const { summary } = await bench.runAndTell(300_000);
    expect(summary).toMatchObject({ failed: 0, conflicts: 0 });
    expect(bench.requestsOf("UploadPart").filter((request) => request.status === 200)).toHaveLength(4);
    await bench.expectAllThere();
  });
});

const operations: OperationName[] = ["PutObject", "UploadPart", "HeadObject", "CreateMultipartUpload"];
const throttleCases = ids.flatMap((id) => operations.map((operation) => [id, operation] as const));

describe("a service that is asked too much", () => {
  test.each(throttleCases)("%s, %s: all wait as long as it asks, and nobody is told", async (id, operation) => {
    const bench = await benchAt(id);
    const answer = personaOf(id).throttleAnswer ?? awsBehavior.throttleAnswer;
    const fault = bench.s3.faults.add({ kind: "status", ...answer, times: 3, match: { operation } });
    const { summary, outages } = await bench.runAndTell(3_600_000);
    expect(summary).toMatchObject({ uploaded: 4, failed: 0, conflicts: 0 });
    expect(fault.fired).toBe(3);
    const codes = outages.flatMap((outage) => (outage ? [outage.error.code] : []));
    expect(new Set(codes)).toEqual(new Set(["throttled"]));
    expect(outages.at(-1), "over").toBeUndefined();
    const longestMs = Math.max(...bench.clock.sleeps);
    expect(longestMs).toBeGreaterThanOrEqual((answer.retryAfter ?? 0) * 1_000);
    expect(bench.told).toEqual([]);
    await bench.expectAllThere();
  });

  test.each(ids)("%s, without end: the run ends in the right words and the next goes on", async (id) => {
    const bench = await benchAt(id);
    const answer = personaOf(id).throttleAnswer ?? awsBehavior.throttleAnswer;
    const match = { operation: "PutObject" } as const;
    bench.s3.faults.add({ kind: "status", ...answer, times: Number.POSITIVE_INFINITY, match });
    const { error } = await bench.runAndTell(120_000);
    expect(error?.code).toBe("throttled");
    expect([...bench.ledger.failures()]).toEqual([]);
    bench.s3.faults.clear();
    expect((await bench.runAndTell(120_000)).summary).toMatchObject({ uploaded: 4, failed: 0 });
    await bench.expectAllThere();
  });
});
