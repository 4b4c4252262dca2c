import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";

let server: E2eServer;
let world: HelperWorld;

beforeEach(async () => {
  ({ server } = await startLoopback());
  await server.createBucket("photos-of-mine");
  world = await HelperWorld.create({ server, bucket: "photos-of-mine" });
  mkdirSync(join(world.dir, "elsewhere", "Trip"), { recursive: true });
});

afterEach(() => server.close());

const added = async (env: Record<string, string>) => {
  const { code, stdout, stderr } = await world.run(["folders", "add", "Trip", "--json"], { env });
  return { code, said: code === 0 ? stdout : stderr + stdout };
};

it("`npm run helper` takes a folder as relative to where the person is, not to the package", async () => {
  const env = { npm_lifecycle_event: "helper", INIT_CWD: join(world.dir, "elsewhere") };
  const { code, said } = await added(env);
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(join(world.dir, "elsewhere", "Trip")) });
});

it("no other npm script's INIT_CWD moves it, and neither does none", async () => {
  mkdirSync(join(world.dir, "Trip"));
  for (const env of [{ npm_lifecycle_event: "test", INIT_CWD: join(world.dir, "elsewhere") }, {}]) {
    const { code, stdout } = await world.run(["folders", "add", "Trip", "--json"], {
      env: env as Record<string, string>,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(join(world.dir, "Trip")) });
  }
});
