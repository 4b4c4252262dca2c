import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { e2eServers, startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { expectRefused } from "../support/helper-process/expect-refused.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { readLedger, tornFiles } from "../support/helper-process/read-state.ts";
import { freePort } from "../support/servers/start-real-server.ts";

describe.each(e2eServers("minio", "versitygw"))("a destination that stops us, at $name", ({ name, start }) => {
  let server: E2eServer;

  beforeAll(async () => {
    server = await start();
    await server.createBucket("photos-of-mine");
  });

  afterAll(() => server.close());

  async function newWorld(): Promise<HelperWorld> {
    const world = await HelperWorld.create({ server, bucket: "photos-of-mine" });
    await world.addPhotos(2);
    return world;
  }

  async function expectNothingSent(world: HelperWorld): Promise<void> {
    expect((await server.list("photos-of-mine")).size).toBe(0);
    expect(readLedger(world.paths).size).toBe(0);
    expect(tornFiles(world.paths)).toEqual([]);
  }

  it.each([
    ["an unknown access key", { AWS_ACCESS_KEY_ID: "AKIANOBODYKNOWSTHISK" }],
    ["a wrong secret", { AWS_SECRET_ACCESS_KEY: "not-the-secret-of-this-key" }],
  ])("refuses %s", async (_, env) => {
    const world = await newWorld();
    await expectRefused(world, world.backUpArgs, { code: "credentials-refused", exitCode: 3, env });
    await expectNothingSent(world);
    expect((await world.run(["status"])).stdout).toContain("Access Key Refused");
  });

  it("refuses to go on without an access key", async () => {
    const world = await newWorld();
    const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
    await expectRefused(world, world.backUpArgs, { code: "credentials-missing", exitCode: 3, env });
    await expectNothingSent(world);
  });

  // MinIO without a region of its own accepts every one, so there is nothing to be refused.
  if (name !== "minio") {
    it("names a region that is not the bucket's", async () => {
      const world = await newWorld();
      const args = [...world.backUpArgs, "--region", "eu-central-1"];
      await expectRefused(world, args, { code: "wrong-region", exitCode: 3 });
      await expectNothingSent(world);
    });
  }

  it("names a bucket that does not exist", async () => {
    const world = await newWorld();
    const args = ["backup", world.photosDir, "--bucket", "no-such-bucket", "--consent"];
    await expectRefused(world, args, { code: "bucket-missing", exitCode: 3 });
    await expectNothingSent(world);
  });

  it("goes on at once when the key is mended", async () => {
    const world = await newWorld();
    await world.run(world.backUpArgs, { env: { AWS_SECRET_ACCESS_KEY: "not-the-secret-of-this-key" } });
    await expectNothingSent(world);
    expect(await world.backUp()).toMatchObject({ code: 0 });
    expect((await server.list("photos-of-mine")).size).toBe(2);
    expect(readLedger(world.paths).size).toBe(2);
  });
});

describe("a service that is none", () => {
  let server: E2eServer;

  beforeAll(async () => {
    server = (await startLoopback()).server;
    await server.createBucket("photos-of-mine");
  });

  afterAll(() => server.close());

  async function newWorld(endpoint: string): Promise<HelperWorld> {
    const world = await HelperWorld.create({ server: { ...server, endpoint }, bucket: "photos-of-mine" });
    await world.addPhotos(1);
    return world;
  }

  it("waits for a network that is down as long as it is told to, then says so", async () => {
    const world = await newWorld(`http://127.0.0.1:${await freePort()}`);
    const args = [...world.backUpArgs, "--patience", "1"];
    await expectRefused(world, args, { code: "network-down", exitCode: 3, detail: /ECONNREFUSED/ });
    expect((await world.run(["status"])).stdout).toContain("No Connection");
    await expectRefused(world, ["buckets"], { code: "network-down", exitCode: 3 });
    expect(readLedger(world.paths).size).toBe(0);
  });

  it("refuses a patience that is no number", async () => {
    const world = await newWorld(server.endpoint);
    const run = await world.backUp("--patience", "long");
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "usage" } });
  });

  it.each([
    ["with HTML", 200, "<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"],
    ["with HTML and a 404", 404, "<html><body><h1>Not Found</h1><hr></body></html>"],
    ["with JSON", 200, '{"hello":"world"}'],
    ["with nothing", 200, ""],
  ])("tells a server that answers %s from a bucket", async (_, status, body) => {
    const world = await newWorld(await answering(status, body));
    await expectRefused(world, world.backUpArgs, { code: "not-s3", exitCode: 3 });
    expect(readLedger(world.paths).size).toBe(0);
  });

  it("invariant 3: takes no hotel's sign-in page, come up amid the run, for objects that hold the keys", async () => {
    const { server: store, loopback } = await startLoopback();
    onTestFinished(() => store.close());
    await store.createBucket("photos-of-mine");
    const world = await HelperWorld.create({ server: store, bucket: "photos-of-mine" });
    await world.addPhotos(6);
    loopback.faults.add({ kind: "html-answer", match: { operation: "HeadObject", nth: 3 }, times: Infinity });
    const stopped = await world.backUp();
    expect(stopped.code).toBe(3);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ error: { code: "not-s3" } });
    loopback.faults.assertAllFired();

    loopback.faults.clear();
    expect(await world.backUp()).toMatchObject({ code: 0 });
    const keys = [...(await store.list("photos-of-mine")).keys()];
    expect(keys).toEqual([1, 2, 3, 4, 5, 6].map((n) => `photos/Pictures/Roll 1/IMG_0000${n}.jpg`));
  });

  it("refuses plain http to another computer before anything is sent or written", async () => {
    const world = await newWorld("http://photos.example.com");
    await expectRefused(world, world.backUpArgs, { code: "insecure-endpoint", exitCode: 3, detail: /example\.com/ });
    await expectRefused(world, ["buckets"], { code: "insecure-endpoint", exitCode: 3 });
  });

  it.each(["photos.example.com", "ftp://photos.example.com", "https://photos.example.com/bucket", "https://"])(
    "refuses the endpoint %s",
    async (endpoint) => {
      const world = await newWorld(endpoint);
      await expectRefused(world, world.backUpArgs, { code: "endpoint-invalid", exitCode: 3 });
    },
  );

  it("invariant 2: uploads nothing before consent, and nothing to a destination without its own", async () => {
    const world = await newWorld(server.endpoint);
    const without = ["backup", world.photosDir, ...world.destination];
    await expectRefused(world, without, { code: "no-consent", exitCode: 4, detail: /photos-of-mine/ });
    await server.createBucket("another");
    await world.run(["backup", world.photosDir, "--bucket", "another", "--consent"]);
    await expectRefused(world, without, { code: "no-consent", exitCode: 4 });
    expect((await server.list("photos-of-mine")).size).toBe(0);
  });

  it("says what is missing where nothing was chosen", async () => {
    const world = await newWorld(server.endpoint);
    await expectRefused(world, ["backup"], { code: "no-destination", exitCode: 4 });
    await expectRefused(world, ["backup", ...world.destination], { code: "no-folders", exitCode: 4 });
  });
});

/** A web server that is no S3. @returns its endpoint */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, { "content-type": "text/html" }).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
