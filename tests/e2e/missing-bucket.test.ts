import { afterAll, beforeAll, expect, it } from "vitest";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";

let server: E2eServer;
let loopback: LoopbackS3;

beforeAll(async () => {
  ({ server, loopback } = await startLoopback());
});

afterAll(() => server.close());

it("a bucket that is gone is told with what was in it, and all of it is sent again to one made anew", async () => {
  await server.createBucket("goes-away");
  const world = await HelperWorld.create({ server, bucket: "goes-away" });
  await world.addPhotos(2);
  expect(await world.backUp()).toMatchObject({ code: 0, stderr: "" });
  await world.addPhotos(2, { into: "new", seed: 2 });
  const gone = loopback.faults.add({ kind: "status", status: 404, code: "NoSuchBucket", times: Infinity });
  const ended = await world.run(world.backUpArgs.filter((arg) => arg !== "--json"));
  expect(ended).toMatchObject({ code: 3, stdout: "" });
  expect(ended.stderr).toContain("2 photos are on record as backed up there.");
  expect(ended.stderr).toContain("the next `backup` looks for all of them");
  expect(ended.stderr).toContain("Bucket Not Found");
  gone.remove();
  for (const { key } of loopback.objects("goes-away")) loopback.deleteObjectDirectly("goes-away", key);
  const again = async () => JSON.parse((await world.backUp()).stdout) as unknown;
  expect(await again()).toMatchObject({ uploaded: 4, failed: 0 });
  expect(await again()).toMatchObject({ uploaded: 0, requests: 0 });
});
