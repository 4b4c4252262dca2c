import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ProviderId } from "../../../helper/probe/provider-profile.ts";
import { providerProfiles } from "../../../helper/probe/provider-profiles.ts";
import { probeContent } from "../../../helper/probe/probe-conditional-writes.ts";
import type { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { openProbedStore } from "../../../helper/session/open-probed-store.ts";
import { readCapabilities, updateCapabilities } from "../../../helper/state/files/capabilities-store.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import type { StoreBehavior } from "../../support/loopback-s3/loopback-options.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { personaOf } from "../../support/loopback-s3/personas.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { tempState } from "../../support/state/temp-state.ts";

const bucket = "my-photos";
const day = 24 * 60 * 60_000;

async function probeBench(
  options: {
    behavior?: Partial<StoreBehavior>;
    deniedActions?: string[];
    storageClass?: string;
    /** Whose endpoint it shall be taken for. */
    provider?: ProviderId;
  } = {},
) {
  const { storageClass, provider, ...behaving } = options;
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket], ...behaving });
  onTestFinished(() => s3.close());
  const paths = await tempState();
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" };
  let now = Date.now();
  const open = async (changes: { helperVersion?: string; storageClass?: string } = {}) => {
    const { helperVersion = "1.0.0", ...chosen } = changes;
    const there = { ...destination, ...(storageClass ? { storageClass } : {}), ...chosen };
    const store = await openProbedStore({
      ...{ paths, destination: there, helperVersion, now: () => now },
      ...(provider ? { providerOf: () => providerProfiles[provider] } : {}),
      open: async (known) =>
        new S3ObjectStore({ destination: there, credentials: async () => s3.credentials, ...known }),
    });
    onTestFinished(() => store.close());
    return store;
  };
  const puts = () => s3.requests.filter(({ operation }) => operation === "PutObject").length;
  const pass = (milliseconds: number) => (now += milliseconds);
  return { s3, paths, destination, open, puts, pass, kept: () => readCapabilities(paths, destination) };
}

describe("a bucket is probed once for conditional writes", () => {
  test.each([
    // The third asks whether the checksum binds the body.
    ["honored", 3],
    ["refused", 2],
    ["ignored", 2],
  ] as const)("%s: found, kept, and used at the next opening without a request", async (conditionalWrites, puts) => {
    const bench = await probeBench({ behavior: { conditionalWrites } });
    const store = await bench.open();
    expect(store.conditionalWrites).toBe(conditionalWrites);
    expect(bench.puts()).toBe(puts);
    expect(await bench.kept()).toMatchObject({ version: 1, conditionalWrites, helperVersion: "1.0.0" });
    const before = bench.s3.requests.length;
    expect((await bench.open()).conditionalWrites).toBe(conditionalWrites);
    expect(bench.s3.requests.length).toBe(before);
  });

  test("invariant 3: only its own object is written, always with the same bytes", async () => {
    const bench = await probeBench({ behavior: { conditionalWrites: "ignored" } });
    bench.s3.putObjectDirectly(bucket, "photos/a.jpg", "hers");
    await bench.open();
    bench.pass(31 * day);
    await bench.open();
    expect(bench.s3.objects(bucket).map(({ key }) => key)).toEqual(["photos/.photolala/probe", "photos/a.jpg"]);
    expect((await bench.s3.readObject(bucket, "photos/.photolala/probe")).equals(probeContent)).toBe(true);
    expect(bench.s3.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("again after 30 days, with a new helper, and with a clock that was set back", async () => {
    const bench = await probeBench();
    await bench.open();
    expect(bench.puts()).toBe(3);
    bench.pass(29 * day);
    await bench.open();
    expect(bench.puts()).toBe(3);
    bench.pass(2 * day);
    await bench.open();
    // The object is there already: the first answer tells.
    expect(bench.puts()).toBe(5);
    await bench.open({ helperVersion: "1.0.1" });
    expect(bench.puts()).toBe(7);
    bench.pass(-60 * day);
    await bench.open({ helperVersion: "1.0.1" });
    expect(bench.puts()).toBe(9);
  });

  test("a store that has learned conditional writes is believed at the next probe", async () => {
    const bench = await probeBench();
    bench.s3.faults.add({ kind: "refuse-if-none-match", times: 1 });
    expect((await bench.open()).conditionalWrites).toBe("refused");
    bench.pass(31 * day);
    expect((await bench.open()).conditionalWrites).toBe("honored");
    expect(await bench.kept()).toMatchObject({ conditionalWrites: "honored" });
  });

  test("what a store shows later corrects what was kept", async () => {
    const bench = await probeBench();
    const store = await bench.open();
    bench.s3.faults.add({ kind: "refuse-if-none-match" });
    await store.put(uploadOf("late"));
    await expect.poll(async () => (await bench.kept())?.conditionalWrites).toBe("refused");
    expect((await bench.open()).conditionalWrites).toBe("refused");
  });

  test("an outage leaves it unknown, and the next opening asks again", async () => {
    const bench = await probeBench();
    const outage = bench.s3.faults.add({ kind: "status", status: 503, times: 1, match: { operation: "PutObject" } });
    expect((await bench.open()).conditionalWrites).toBe("unknown");
    expect(outage.fired).toBe(1);
    expect(await bench.kept()).toBeUndefined();
    expect((await bench.open()).conditionalWrites).toBe("honored");
  });

  test.each([
    ["an absent object", { kind: "status", status: 404, code: "NoSuchKey", times: 1 }],
    ["an outage", { kind: "status", status: 503, times: Infinity }],
  ] as const)("invariant 3: a taken key beside %s has shown nothing, and nothing is kept of it", async (_, fault) => {
    const bench = await probeBench();
    bench.s3.putObjectDirectly(bucket, "photos/.photolala/probe", probeContent);
    bench.s3.faults.add({ ...fault, match: { operation: "HeadObject" } });
    const known = await bench.open().then(
      (store) => store.conditionalWrites,
      ({ code }: BackupError) => code,
    );
    expect(["unknown", "not-s3"]).toContain(known);
    bench.s3.faults.clear();
    expect(await bench.kept()).toBeUndefined();
    expect((await bench.open()).conditionalWrites).toBe("honored");
  });

  test("a missing permission is said at once, by the name of the action", async () => {
    const bench = await probeBench({ deniedActions: ["s3:PutObject"] });
    await expect(bench.open()).rejects.toMatchObject({
      code: "permission-denied",
      detail: expect.stringContaining("s3:PutObject is missing"),
    });
    expect(bench.s3.objects(bucket)).toEqual([]);
  });

  test("a file that cannot be read costs one more probe, and one of a newer helper stays as it is", async () => {
    const bench = await probeBench();
    const path = join(bench.paths.capabilitiesDir, `${destinationId(bench.destination)}.json`);
    writeFileSync(path, "{ torn");
    expect((await bench.open()).conditionalWrites).toBe("honored");
    expect(await bench.kept()).toMatchObject({ conditionalWrites: "honored" });
    const newer = JSON.stringify({ version: 2, all: "different" });
    writeFileSync(path, newer);
    await expect(bench.open()).rejects.toMatchObject({ code: "newer-schema" });
    expect(readFileSync(path, "utf8")).toBe(newer);
  });
});

describe("the storage class", () => {
  test("is sent with every upload and proved once", async () => {
    const bench = await probeBench({ storageClass: "GLACIER_IR" });
    const store = await bench.open();
    await store.put(uploadOf("a photo"));
    const classes = bench.s3.objects(bucket).map(({ key, storageClass }) => [key, storageClass]);
    expect(classes).toEqual([
      ["photos/.photolala/probe-glacier_ir", "GLACIER_IR"],
      ["photos/late.jpg", "GLACIER_IR"],
    ]);
    const shown = { storageClasses: { GLACIER_IR: "accepted" }, bindsByChecksum: true };
    await expect.poll(() => bench.kept()).toMatchObject(shown);
    const before = bench.puts();
    await bench.open();
    expect(bench.puts()).toBe(before);
    await bench.open({ storageClass: "STANDARD_IA" });
    expect(bench.puts()).toBe(before + 2);
  });

  test("one that the store does not take is said before anything is uploaded", async () => {
    const bench = await probeBench({ storageClass: "GLACIER_IR", behavior: { storageClasses: ["STANDARD"] } });
    await expect(bench.open()).rejects.toMatchObject({ code: "storage-class-refused" });
    expect(bench.s3.objects(bucket)).toEqual([]);
  });

  test("one that would have to be restored first is never sent", async () => {
    const bench = await probeBench({ storageClass: "DEEP_ARCHIVE" });
    await expect(bench.open()).rejects.toMatchObject({ code: "storage-class-refused" });
    expect(bench.puts()).toBe(0);
  });
});

describe("a store that refuses x-amz-checksum-sha256", () => {
  const refusal = {
    kind: "status",
    status: 400,
    code: "InvalidArgument",
    message: "Unsupported header 'x-amz-checksum-sha256' received for this API call.",
    match: { operation: "PutObject" },
  } as const;

  test("gets Content-MD5 instead from then on, and the upload is confirmed by its ETag", async () => {
    const bench = await probeBench();
    bench.s3.faults.add(refusal);
    const store = await bench.open();
    expect(await store.put(uploadOf("a photo"))).toMatchObject({ kind: "stored" });
    bench.s3.faults.assertAllFired();
    expect(await bench.kept()).toMatchObject({ sha256Header: "refused", conditionalWrites: "honored" });
    // And is asked anew with the rest, a month later.
    bench.pass(31 * day);
    await bench.open();
    expect(await bench.kept()).toMatchObject({ sha256Header: "unknown" });
  });
});

describe("what is declared of a service, or was found by probe, is used", () => {
  test("B2 gets Content-MD5 with the very first upload", async () => {
    const bench = await probeBench({ behavior: personaOf("b2"), provider: "b2" });
    const store = await bench.open();
    expect(await store.put(uploadOf("a photo"))).toMatchObject({ kind: "stored" });
    // Only the condition was refused, once.
    const refused = bench.s3.requests.filter(({ operation, status = 0 }) => operation === "PutObject" && status >= 400);
    expect(refused.map(({ errorCode }) => errorCode)).toEqual(["NotImplemented"]);
    expect(store.limits).toMatchObject({ partsMost: 10_000, completesConditionally: false });
  });

  test("what a bucket has shown is believed before what is declared", async () => {
    const bench = await probeBench({ provider: "b2" });
    await bench.open();
    await updateCapabilities(bench.paths, bench.destination, (before) => ({ ...before!, sha256Header: "verified" }));
    const store = await bench.open();
    await store.put(uploadOf("a photo"));
    expect(bench.s3.object(bucket, "photos/late.jpg")?.checksums).toHaveProperty("sha256");
  });

  test("Scaleway's 1,000 parts", async () => {
    const bench = await probeBench({ provider: "scaleway" });
    expect((await bench.open()).limits).toEqual({ partsMost: 1_000, completesConditionally: false });
  });

  test("a provider that probe knew by its answers, for a month", async () => {
    const bench = await probeBench();
    await bench.open();
    const keep = (report: object) =>
      updateCapabilities(bench.paths, bench.destination, (before) => ({
        ...before!,
        report: { probedAt: new Date().toISOString(), ...report },
      }));
    expect((await bench.open()).limits).toEqual({ completesConditionally: false });
    await keep({ provider: { id: "minio" } });
    expect((await bench.open()).limits).toEqual({ partsMost: 10_000, completesConditionally: true });
    await keep({ multipart: { create: { failed: "unknown: NotImplemented, HTTP 501" }, listUploads: "denied" } });
    expect((await bench.open()).limits).toMatchObject({ partsMost: 0 });
    await keep({ multipart: { create: "denied", listUploads: "denied" } });
    expect((await bench.open()).limits).not.toHaveProperty("partsMost");
    await keep({ provider: { id: "constructor" } });
    expect((await bench.open()).limits).toEqual({ completesConditionally: false });
  });
});

function uploadOf(text: string) {
  const body = Buffer.from(text);
  return {
    ...{ key: "photos/late.jpg", body, sizeBytes: body.length, sha256Hex: sha256Of(body) },
    ...{ contentType: "image/jpeg", metadata: {} },
  };
}
