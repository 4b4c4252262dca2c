import { describe, expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { answering, startFront, type Attack } from "./hostile-front.ts";

const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
const dayMs = 24 * 60 * 60_000;

/** A store whose own clock is right, behind somebody whose clock is not. */
async function clockScene(now: () => Date = () => new Date()) {
  const s3 = await startLoopbackS3({ ...credentials, buckets: ["photos"], now });
  let attack: Attack = () => "pass";
  const front = await startFront({ endpoint: s3.endpoint, attack: (met) => attack(met) });
  const destination = { endpoint: front.endpoint, region: s3.region, bucket: "photos", prefix: "p" };
  const store = new S3ObjectStore({ destination, credentials: async () => credentials });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  return { store, attackWith: (next: Attack) => void (attack = next) };
}

const strange = { "content-type": "text/html" };

describe("a stranger's clock", () => {
  test.each([
    ["at the beginning of time", new Date(0)],
    ["a year behind", new Date(Date.now() - 365 * dayMs)],
    ["a year ahead", new Date(Date.now() + 365 * dayMs)],
  ])("%s is not taken over: the service's next answer is a good one", async (_, date) => {
    for (const status of [200, 302, 403, 404, 503]) {
      const { store, attackWith } = await clockScene();
      attackWith(answering(status, { ...strange, date: date.toUTCString() }, "<html><body>Sign in</body></html>"));
      await expect(store.checkBucket()).rejects.toThrow();
      attackWith(() => "pass");
      await expect(store.checkBucket(), `after a ${status}`).resolves.toBeUndefined();
    }
  });
});

test("this computer's own wrong clock is told, in minutes", async () => {
  const { store } = await clockScene(() => new Date(Date.now() + 90 * 60_000));
  await expect(store.checkBucket()).rejects.toMatchObject({
    code: "clock-wrong",
    detail: expect.stringContaining("90 minutes behind") as string,
  });
});
