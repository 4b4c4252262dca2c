import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { probeWords } from "../../../helper/cli/probe-words.ts";
import type { ProbeReport } from "../../../helper/probe/probe-report.ts";
import { probeBucket } from "../../../helper/s3/probe-bucket.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";
import type { LoopbackOptions } from "../../support/loopback-s3/loopback-options.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

const bucket = "my-photos";

async function probeBench(options: Partial<LoopbackOptions> = {}) {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket], ...options });
  const credentials = async () => s3.credentials;
  const bench = await cliBench({
    openStore: async (destination, known) => new S3ObjectStore({ destination, credentials, ...known }),
    probeBucket: async (destination, given) => probeBucket({ destination, credentials, ...given }),
  });
  onTestFinished(() => s3.close());
  const probe = (...more: string[]) => bench.run("probe", "--bucket", bucket, "--endpoint", s3.endpoint, ...more);
  return { ...bench, s3, probe };
}

describe("probe", () => {
  test("invariant 2: writes nothing before the person agreed, not even a tiny object", async () => {
    const bench = await probeBench();
    const answer = await bench.probe();
    expect(answer.exitCode).toBe(4);
    expect(answer.stderr).toContain(`the probe writes a few tiny objects to ${bucket}`);
    expect(bench.s3.requests).toEqual([]);
  });

  test("says that the key may do all only where all was tried", async () => {
    const bench = await probeBench();
    const found = (await bench.probe("--consent", "--json")).json() as unknown as ProbeReport;
    const all = "The access key may do all that a backup needs.";
    expect(probeWords(found)).toContain(all);
    for (const outcome of ["listing", "reading", "writing"]) {
      const words = probeWords({ ...found, [outcome]: { failed: "timeout" } });
      expect(words).not.toContain(all);
      expect(words).toContain("What the access key may do is not known");
    }
  });

  test("reports a store that can do everything, in words and as one object", async () => {
    const bench = await probeBench();
    const words = await bench.probe("--consent");
    expect(words).toMatchObject({ exitCode: 0, stderr: "" });
    for (const line of [
      "Never overwriting   the bucket itself refuses to overwrite (conditional writes)",
      "Listing             allowed",
      '"s3:PutObject"',
    ]) {
      expect(words.stdout).toContain(line);
    }
    const { stdout, json } = await bench.probe("--consent", "--json");
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(json()).toMatchObject({
      conditionalWrites: "honored",
      sha256Header: "verified",
      sha256InHead: "yes",
      etag: "md5",
      listing: "allowed",
      reading: "allowed",
      writing: "allowed",
      missingObject: "404",
      multipart: { create: "allowed", part: "allowed", partSha256: "yes", listParts: "allowed", abort: "allowed" },
      storageClasses: { STANDARD: "accepted", STANDARD_IA: "accepted", GLACIER_IR: "accepted" },
      region: { set: "us-east-1", actual: "us-east-1" },
      missingActions: [],
      isEncrypted: false,
    });
    // It leaves no upload behind, deletes nothing, and writes only beside the photos.
    const operations = bench.s3.requests.map(({ operation }) => operation);
    expect(operations.filter((name) => name === "AbortMultipartUpload")).toHaveLength(2);
    expect(operations.filter((name) => name?.startsWith("Delete"))).toEqual([]);
    expect(bench.s3.objects(bucket).filter(({ key }) => !key.startsWith("photos/.photolala/probe"))).toEqual([]);
  });

  test("goes on without what it knew of a bucket where that cannot be read or kept, and says so", async () => {
    const bench = await probeBench({});
    const at = { endpoint: bench.s3.endpoint, region: "us-east-1", bucket, prefix: "photos" };
    mkdirSync(join(bench.paths.capabilitiesDir, `${destinationId(at)}.json`), { recursive: true });
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    const backUp = ["backup", "Pictures", "--bucket", bucket, "--endpoint", bench.s3.endpoint, "--consent"];
    const words = await bench.run(...backUp);
    expect(words.exitCode).toBe(0);
    expect(words.stderr).toContain("What this bucket can do is asked anew each time");
    expect(words.stderr).toContain("a folder is in this file's place; move it elsewhere");
    expect(await bench.run(...backUp, "--json")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await bench.run("status")).toMatchObject({ exitCode: 0 });
    const probed = await bench.probe("--consent");
    expect(probed.exitCode).toBe(0);
    expect(probed.stdout).toContain("Never overwriting");
    expect(probed.stderr).toContain("The next backup asks again, since this could not be kept");
  });

  test("says what a weak store lacks, and the next backup knows it", async () => {
    const behavior = { conditionalWrites: "ignored", checksums: "ignored", storageClasses: ["STANDARD"] } as const;
    const bench = await probeBench({ behavior });
    const words = (await bench.probe("--consent")).stdout;
    expect(words).toContain("it overlooks conditional writes): only two computers");
    expect(words).toContain("SHA-256 is not looked at");
    expect(words).toContain("Standard, Standard-IA refused");
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    const place = ["--bucket", bucket, "--endpoint", bench.s3.endpoint, "--consent"];
    expect((await bench.run("backup", "Pictures", ...place)).exitCode).toBe(0);
    const writes = () =>
      bench.s3.requests.filter(({ key, operation }) => key?.endsWith("/probe") && operation === "PutObject").length;
    const before = writes();
    writeFileSync(join(bench.folder, "b.jpg"), "another photo");
    expect((await bench.run("backup", "Pictures", ...place)).exitCode).toBe(0);
    expect(writes()).toBe(before);
    const status = await bench.run("status");
    expect(status.stdout).toContain(
      "No overwrite the bucket would overwrite, so it is asked before every upload (it overlooks conditional writes)",
    );
    expect((await bench.run("status", "--json")).json()).toMatchObject({
      capabilities: { conditionalWrites: "ignored" },
    });
  });

  test.each(["s3:PutObject", "s3:GetObject", "s3:ListBucket"])("names a missing %s and ends with 3", async (action) => {
    const bench = await probeBench({ deniedActions: [action] });
    const answer = await bench.probe("--consent");
    expect(answer.exitCode).toBe(3);
    expect(answer.stdout).toContain(`Missing, and a backup stops without it: ${action}`);
  });

  test("ends with 3 and the reason where nothing can be asked at all", async () => {
    const bench = await probeBench({ buckets: [] });
    const answer = await bench.probe("--consent", "--json");
    expect(answer.exitCode).toBe(3);
    expect(answer.json()).toMatchObject({ error: { code: "bucket-missing" } });
  });

  test("shows a clock that is off before it stops a backup", async () => {
    const bench = await probeBench({ now: () => new Date(Date.now() + 290_000) });
    const answer = await bench.probe("--consent");
    expect(answer.stdout).toMatch(/this computer's is 2(89|90) s behind the service's; uploads are refused/);
  });
});

describe("a storage class on the command line", () => {
  test("is refused with words before anything is uploaded, where the store has it not", async () => {
    const bench = await probeBench({ behavior: { storageClasses: ["STANDARD"] } });
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    const place = ["--bucket", bucket, "--endpoint", bench.s3.endpoint, "--consent"];
    const answer = await bench.run("backup", "Pictures", ...place, "--storage-class", "glacier-ir");
    expect(answer.exitCode).toBe(3);
    expect(answer.stderr).toContain("Storage Class Not Accepted: The S3 service does not have the storage class");
    expect(bench.s3.objects(bucket)).toEqual([]);
  });

  test("one that must be restored first is no choice, and it says why", async () => {
    const bench = await probeBench();
    const answer = await bench.run("backup", "Pictures", "--bucket", bucket, "--storage-class", "DEEP_ARCHIVE");
    expect(answer.exitCode).toBe(2);
    expect(answer.stderr).toContain("must be restored for hours before they can be read");
  });
});
