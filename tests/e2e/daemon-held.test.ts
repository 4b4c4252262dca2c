import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { until } from "../support/helper-process/until.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";

let server: E2eServer;
let loopback: LoopbackS3;
let world: HelperWorld;

beforeEach(async () => {
  ({ server, loopback } = await startLoopback());
  await server.createBucket("photos-of-mine");
  world = await HelperWorld.create({ server, bucket: "photos-of-mine" });
});

afterEach(() => server.close());

function backedUp(): Promise<string> {
  return until(() => world.status?.lastBackup);
}

async function healthIs(code: string): Promise<void> {
  await until(
    () => world.status,
    ({ health, activity }) => health.code === code && (activity === "idle" || activity === "waiting"),
  );
}

function keepProfile(secretAccessKey: string): void {
  const path = join(world.env.HOME as string, ".aws", "credentials");
  mkdirSync(dirname(path), { recursive: true });
  const keys = `aws_access_key_id=${server.accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
  writeFileSync(path, `[default]\n${keys}`);
}

describe("the daemon held up", () => {
  it("invariant 2: without consent it stays up, idle, says so, and begins once consent is given", async () => {
    const files = await world.addPhotos(2);
    await world.setUp();
    await world.changeSettings((old) => ({ ...old, consent: undefined, earlierConsents: [] }));
    const before = loopback.requests.length;
    const daemon = world.start(["run"]);
    await healthIs("no-consent");
    expect((await world.run(["status"])).stdout).toContain("Consent Missing");
    expect(daemon.isRunning).toBe(true);
    expect(loopback.requests).toHaveLength(before);
    await world.run(["consent", ...world.destination]);
    await backedUp();
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("is held by refused credentials, asks again only when asked to, and goes on with a new key", async () => {
    const files = await world.addPhotos(2);
    await world.setUp();
    keepProfile("a-wrong-secret");
    const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
    const daemon = world.start(["run"], { env });
    await healthIs("credentials-refused");
    const refusals = () => loopback.requests.filter(({ status }) => status === 403).length;
    const first = refusals();

    await writeRequest(world.paths, { kind: "back-up-now" });
    await until(() => refusals() > first || undefined);
    // Long enough for hundreds of requests, were the one that is not met to start run after run.
    for (let look = 0; look < 5; look += 1)
      expect((await world.run(["status"])).stdout).toContain("Access Key Refused");
    expect(refusals(), "one more for one request").toBe(first + 1);

    keepProfile(server.secretAccessKey);
    await writeRequest(world.paths, { kind: "back-up-now" });
    await backedUp();
    expect(world.status?.health.code).toBe("ok");
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("stays up with settings that are broken, says so, and leaves newer ones alone", async () => {
    await world.addPhotos(1);
    await world.setUp();
    const newer = '{"version":2}';
    writeFileSync(world.paths.settings, newer);
    const daemon = world.start(["run"]);
    await healthIs("newer-schema");
    writeFileSync(world.paths.settings, '{"version":1,');
    await healthIs("settings-broken");
    expect(daemon.isRunning).toBe(true);
    await world.setUp();
    await backedUp();
    expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
  });

  it("waits out an outage and goes on where it was", async () => {
    const dir = join(world.dir, "store");
    mkdirSync(dir);
    const lasting = await startLoopback({ dir });
    await lasting.server.createBucket("photos-of-mine");
    world.env.AWS_ENDPOINT_URL = lasting.server.endpoint;
    const files = await world.addPhotos(5);
    await world.setUp();
    const third = lasting.loopback.faults.add({
      kind: "stall",
      match: { operation: "PutObject", keyPattern: ".jpg", nth: 3 },
    });
    const daemon = world.start(["run"]);
    await third.whenFired;
    await lasting.server.close();
    await healthIs("network-down");
    expect(world.status?.activity).toBe("waiting");
    expect(world.status?.health.nextTryAt).toBeDefined();
    expect((await world.run(["status"])).stdout).toContain("No Connection");

    const again = await startLoopback({ dir, port: lasting.server.port });
    await backedUp();
    expect(world.status).toMatchObject({ health: { code: "ok" }, counts: { backedUp: 5, failed: 0 } });
    expect(await proveBackup(again.server, world, files)).toEqual(provenWhole);
    expect((await again.server.list("photos-of-mine")).size).toBe(5);
    expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
    await again.server.close();
  });
});
