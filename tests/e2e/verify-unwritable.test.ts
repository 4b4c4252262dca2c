import { chmodSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { ordinaryUser } from "../support/helper-process/ordinary-user.ts";

let server: E2eServer;

beforeAll(async () => {
  ({ server } = await startLoopback());
});

afterAll(() => server.close());

it("tells what it found where the state folder is read-only: it may have taken hours", async () => {
  await server.createBucket("read-only-state");
  const world = await HelperWorld.create({ server, bucket: "read-only-state" });
  const user = ordinaryUser();
  await world.addPhotos(3);
  world.openTo(user);
  expect(await world.run(world.backUpArgs, user)).toMatchObject({ code: 0 });

  chmodSync(world.paths.stateDir, 0o555);
  try {
    const words = await world.run(["verify", "--read-data"], user);
    expect(words).toMatchObject({ code: 4, stderr: "" });
    expect(words.stdout).toContain("All 3 objects of the backup are in read-only-state/photos");
    expect(words.stdout).toMatch(/could not be written down.*EACCES\)\.\nCheck the permissions of the state folder\./);
    const json = await world.run(["verify", "--json"], user);
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ present: 3, missing: 0, kept: false, partial: false, noted: "none" },
      stateError: { code: "state-unwritable" },
    });
  } finally {
    chmodSync(world.paths.stateDir, 0o755);
  }
  expect(await world.run(["verify", "--json"], user)).toMatchObject({ code: 0 });
});
